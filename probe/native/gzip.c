/* Compression in C: interpreted, it took more time than all the rest of a sample. */
#include "native.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A window of 32 KiB and 128 KiB of tables, given back each time; a snapshot is seldom larger than the window. */
enum { level = 9, window_bits = 15, with_gzip_head = 16, memory_level = 6 };

/* gzip(text): the text in UTF-8, with no time in the head. */
static JSValue gzip(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    z_stream stream = {0};
    size_t length;
    const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
    JSValue result = JS_EXCEPTION;

    if (text == NULL)
        return result;
    if (deflateInit2(&stream, level, Z_DEFLATED, window_bits + with_gzip_head, memory_level, Z_DEFAULT_STRATEGY) == Z_OK) {
        size_t room = deflateBound(&stream, (uLong)length);
        uint8_t *bytes = malloc(room);
        stream.next_in = (z_const Bytef *)text;
        stream.avail_in = (uInt)length;
        stream.next_out = bytes;
        stream.avail_out = (uInt)room;
        if (bytes != NULL && deflate(&stream, Z_FINISH) == Z_STREAM_END)
            result = bytes_of(ctx, bytes, stream.total_out);
        else
            JS_ThrowOutOfMemory(ctx);
        free(bytes);
        deflateEnd(&stream);
    } else
        JS_ThrowOutOfMemory(ctx);
    JS_FreeCString(ctx, text);
    return result;
}

static const JSCFunctionListEntry functions[] = {JS_CFUNC_DEF("gzip", 1, gzip)};

void add_gzip(JSContext *ctx, JSValueConst native)
{
    JS_SetPropertyFunctionList(ctx, native, functions, sizeof functions / sizeof functions[0]);
}
