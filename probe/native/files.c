/* Files, folders, links and filesystems. What cannot be read is undefined, for whatever reason. */
#include "native.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { longest_file = 4 << 20, most_names = 1 << 16 };

/* A sample reads some hundred small files; only a larger one gets memory of its own. */
static char small[64 << 10];

static int open_path(JSContext *ctx, JSValueConst path, int flags)
{
    const char *text = c_string(ctx, path);

    if (text == NULL)
        return -1;
    int file = open_in_root(text, flags);
    JS_FreeCString(ctx, text);
    return file;
}

/* Reads to the end, since files in /proc say that their size is 0. NULL where that fails. */
static char *read_to_end(int file, size_t *length)
{
    char *bytes = small;
    size_t room = sizeof small;

    *length = 0;
    for (;;) {
        if (*length == room) {
            if (room >= longest_file)
                return bytes;
            char *larger = realloc(bytes == small ? NULL : bytes, room * 2);
            if (larger == NULL)
                break;
            if (bytes == small)
                memcpy(larger, small, sizeof small);
            bytes = larger;
            room *= 2;
        }
        ssize_t size = read(file, bytes + *length, room - *length);
        if (size == 0)
            return bytes;
        if (size < 0)
            break;
        *length += (size_t)size;
    }
    if (bytes != small)
        free(bytes);
    return NULL;
}

static JSValue read_text(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    /* A pipe or a device in a file's place must neither block nor be read. */
    int file = open_path(ctx, argv[0], O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return JS_UNDEFINED;

    struct stat facts;
    size_t length;
    char *bytes = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) ? read_to_end(file, &length) : NULL;
    close(file);
    if (bytes == NULL)
        return JS_UNDEFINED;
    JSValue text = text_of(ctx, bytes, length);
    if (bytes != small)
        free(bytes);
    return text;
}

static JSValue list(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    int file = open_path(ctx, argv[0], O_RDONLY | O_DIRECTORY);
    DIR *folder = file < 0 ? NULL : fdopendir(file);
    if (folder == NULL) {
        if (file >= 0)
            close(file);
        return JS_UNDEFINED;
    }
    JSValue names = JS_NewArray(ctx);
    struct dirent *entry;
    for (uint32_t count = 0; count < most_names && (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        JSValue name = text_of(ctx, entry->d_name, strlen(entry->d_name));
        if (JS_IsException(name) || JS_DefinePropertyValueUint32(ctx, names, count++, name, JS_PROP_C_W_E) < 0) {
            JS_FreeValue(ctx, names);
            names = JS_EXCEPTION;
            break;
        }
    }
    closedir(folder);
    return names;
}

static JSValue read_link(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    char target[PATH_MAX];
    int file = open_path(ctx, argv[0], O_PATH | O_NOFOLLOW);
    if (file < 0)
        return JS_UNDEFINED;
    ssize_t length = readlinkat(file, "", target, sizeof target);
    close(file);
    return length < 0 ? JS_UNDEFINED : text_of(ctx, target, (size_t)length);
}

static JSValue file_system(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    struct statfs facts;
    int file = open_path(ctx, argv[0], O_PATH);
    if (file < 0)
        return JS_UNDEFINED;
    int failed = fstatfs(file, &facts);
    close(file);
    if (failed)
        return JS_UNDEFINED;
    const double size = (double)facts.f_bsize;
    const struct {
        const char *name;
        double value;
    } told[] = {
        {"total", (double)facts.f_blocks * size},     {"free", (double)facts.f_bfree * size},
        {"available", (double)facts.f_bavail * size}, {"inodes", (double)facts.f_files},
        {"inodesFree", (double)facts.f_ffree},
    };
    JSValue answer = JS_NewObject(ctx);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        JS_DefinePropertyValueStr(ctx, answer, told[i].name, JS_NewFloat64(ctx, told[i].value), JS_PROP_C_W_E);
    return answer;
}

static JSValue root(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    const char *path = c_string(ctx, argv[0]);
    bool added = path != NULL && add_root(path);
    JS_FreeCString(ctx, path);
    return added ? JS_UNDEFINED : JS_ThrowTypeError(ctx, "a root must be an absolute path");
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("readText", 1, read_text), JS_CFUNC_DEF("list", 1, list),  JS_CFUNC_DEF("readLink", 1, read_link),
    JS_CFUNC_DEF("statfs", 1, file_system), JS_CFUNC_DEF("root", 1, root),
};

void add_file_functions(JSContext *ctx, JSValueConst native)
{
    JS_SetPropertyFunctionList(ctx, native, functions, sizeof functions / sizeof functions[0]);
}
