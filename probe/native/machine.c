/* Clocks, chance, and what a process is told of itself. */
#include "native.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static JSValue clock_ms(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv, int which)
{
    (void)this, (void)argc, (void)argv;
    struct timespec now;

    clock_gettime(which, &now);
    double ms = (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
    return JS_NewFloat64(ctx, which == CLOCK_REALTIME ? floor(ms) : ms);
}

static JSValue random_number(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc, (void)argv;
    uint16_t number = 0;

    return getrandom(&number, sizeof number, 0) == sizeof number ? JS_NewUint32(ctx, number) : throw_errno(ctx, errno);
}

static JSValue host_name(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc, (void)argv;
    char name[256] = "";

    gethostname(name, sizeof name - 1);
    return text_of(ctx, name, strlen(name));
}

/* NAME=value, each. */
static JSValue environment(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc, (void)argv;
    JSValue all = JS_NewArray(ctx);

    for (uint32_t i = 0; environ[i] != NULL; i++)
        JS_DefinePropertyValueUint32(ctx, all, i, text_of(ctx, environ[i], strlen(environ[i])), JS_PROP_C_W_E);
    return all;
}

/* print(text), printError(text): a line. That nobody reads it is no trouble. */
static JSValue print(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv, int file)
{
    (void)this, (void)argc;
    size_t length;
    const char *text = JS_ToCStringLen(ctx, &length, argv[0]);

    if (text == NULL)
        return JS_EXCEPTION;
    for (size_t at = 0; at < length;) {
        ssize_t written = write(file, text + at, length - at);
        if (written <= 0)
            break;
        at += (size_t)written;
    }
    JS_FreeCString(ctx, text);
    return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_MAGIC_DEF("monotonicMs", 0, clock_ms, CLOCK_MONOTONIC),
    JS_CFUNC_MAGIC_DEF("wallMs", 0, clock_ms, CLOCK_REALTIME),
    JS_CFUNC_DEF("random", 0, random_number),
    JS_CFUNC_DEF("hostname", 0, host_name),
    JS_CFUNC_DEF("environment", 0, environment),
    JS_CFUNC_MAGIC_DEF("print", 1, print, STDOUT_FILENO),
    JS_CFUNC_MAGIC_DEF("printError", 1, print, STDERR_FILENO),
};

void add_machine_functions(JSContext *ctx, JSValueConst native)
{
    JS_SetPropertyFunctionList(ctx, native, functions, sizeof functions / sizeof functions[0]);
}
