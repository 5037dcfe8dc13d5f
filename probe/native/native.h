/* The probe's C part: what `probe/host/native.ts` declares, for a program that has nothing but the kernel. */
#ifndef NATIVE_H
#define NATIVE_H

#include <quickjs/quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* memory.c: NULL where there is none. */
JSRuntime *new_runtime(void);

/* files.c, on top of roots.c */
void add_file_functions(JSContext *ctx, JSValueConst native);
/* sockets.c */
void add_socket_functions(JSContext *ctx, JSValueConst native);
/* machine.c */
void add_machine_functions(JSContext *ctx, JSValueConst native);

/* gzip.c */
void add_gzip(JSContext *ctx, JSValueConst native);

/* roots.c: opens below the root that a path is in, and never outside of it. -1, and errno, where it cannot. */
bool add_root(const char *path);
int open_in_root(const char *path, int flags);

/* text.c */

/* A string of bytes that may be anything: what is not UTF-8 becomes U+FFFD, as the Encoding Standard has it. */
JSValue text_of(JSContext *ctx, const char *bytes, size_t length);
/* A Uint8Array with a copy of bytes. */
JSValue bytes_of(JSContext *ctx, const uint8_t *bytes, size_t length);
/* The C string of an argument; NULL where it is not a string, or has a NUL in it. To be freed with JS_FreeCString. */
const char *c_string(JSContext *ctx, JSValueConst value);
/* Throws an Error with the words for an errno. */
JSValue throw_errno(JSContext *ctx, int number);

#endif
