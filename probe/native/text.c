#include "native.h"

#include <stdlib.h>
#include <string.h>

static const char replacement[3] = {'\xef', '\xbf', '\xbd'};

/*
 * How many of the bytes are one character of UTF-8, or, with `valid` false, how many of them one U+FFFD stands
 * for: the longest start of a character, or one byte (Unicode 15, chapter 3, table 3-7).
 */
static size_t character(const uint8_t *bytes, size_t length, bool *valid)
{
    uint8_t first = bytes[0], low = 0x80, high = 0xbf;
    size_t more;

    *valid = true;
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf) {
        more = 1;
    } else if (first >= 0xe0 && first <= 0xef) {
        more = 2;
        if (first == 0xe0)
            low = 0xa0;
        if (first == 0xed)
            high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        more = 3;
        if (first == 0xf0)
            low = 0x90;
        if (first == 0xf4)
            high = 0x8f;
    } else {
        *valid = false;
        return 1;
    }
    for (size_t at = 1; at <= more; at++) {
        if (at >= length || bytes[at] < low || bytes[at] > high) {
            *valid = false;
            return at;
        }
        low = 0x80;
        high = 0xbf;
    }
    return more + 1;
}

JSValue text_of(JSContext *ctx, const char *bytes, size_t length)
{
    const uint8_t *from = (const uint8_t *)bytes;
    size_t at = 0, invalid = 0;
    bool valid;

    while (at < length) {
        if (from[at] < 0x80) {
            at++;
            continue;
        }
        at += character(from + at, length - at, &valid);
        invalid += !valid;
    }
    if (invalid == 0)
        return JS_NewStringLen(ctx, bytes, length);

    /* Each U+FFFD takes the place of at least one byte. */
    char *mended = malloc(length + invalid * 2);
    if (mended == NULL)
        return JS_ThrowOutOfMemory(ctx);
    size_t end = 0;
    for (at = 0; at < length;) {
        size_t size = character(from + at, length - at, &valid);
        memcpy(mended + end, valid ? bytes + at : replacement, valid ? size : sizeof replacement);
        end += valid ? size : sizeof replacement;
        at += size;
    }
    JSValue text = JS_NewStringLen(ctx, mended, end);
    free(mended);
    return text;
}

const char *c_string(JSContext *ctx, JSValueConst value)
{
    size_t length;

    if (!JS_IsString(value))
        return NULL;
    const char *text = JS_ToCStringLen(ctx, &length, value);
    if (text != NULL && strlen(text) != length) {
        JS_FreeCString(ctx, text);
        return NULL;
    }
    return text;
}

JSValue bytes_of(JSContext *ctx, const uint8_t *bytes, size_t length)
{
    JSValue parts[3] = {JS_NewArrayBufferCopy(ctx, bytes, length), JS_UNDEFINED, JS_UNDEFINED};

    if (JS_IsException(parts[0]))
        return parts[0];
    JSValue array = JS_NewTypedArray(ctx, 3, (JSValueConst *)parts, JS_TYPED_ARRAY_UINT8);
    JS_FreeValue(ctx, parts[0]);
    return array;
}

JSValue throw_errno(JSContext *ctx, int number)
{
    JSValue error = JS_NewError(ctx);

    if (JS_IsException(error))
        return error;
    JS_DefinePropertyValueStr(ctx, error, "message", JS_NewString(ctx, strerror(number)),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    return JS_Throw(ctx, error);
}
