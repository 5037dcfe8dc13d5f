/* Runs the probe's bytecode: turn after turn, with what promises have left to do in between. */
#include "native.h"

#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Made by qjsc from probe/native/main.ts. */
extern const uint8_t probe_bytecode[];
extern const uint32_t probe_bytecode_size;

/* What no machine needs: whatever the files say, the probe fails within its own bounds, not the machine's. */
static const size_t memory_limit = 64 << 20;
static const size_t stack_limit = 512 << 10;

static JSValue turn;
static int rejections;

/* A rejection is first told as one that nobody handles, and told again when somebody does. */
static void count_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, int handled, void *opaque)
{
    (void)ctx, (void)promise, (void)reason, (void)opaque;
    rejections += handled ? -1 : 1;
}

/* run(turn): a function that is called over and over, until it gives an exit code; until then it gives nothing. */
static JSValue run(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    JS_FreeValue(ctx, turn);
    turn = JS_DupValue(ctx, argv[0]);
    return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {JS_CFUNC_DEF("run", 1, run)};

static JSValue arguments(JSContext *ctx, int argc, char **argv)
{
    JSValue all = JS_NewArray(ctx);

    for (int i = 1; i < argc; i++)
        JS_DefinePropertyValueUint32(ctx, all, (uint32_t)(i - 1), text_of(ctx, argv[i], strlen(argv[i])), JS_PROP_C_W_E);
    return all;
}

/* No more of the language than the probe uses: the rest would be memory. */
static JSContext *new_context(JSRuntime *runtime)
{
    JSContext *ctx = JS_NewContextRaw(runtime);

    if (ctx == NULL)
        return NULL;
    JS_AddIntrinsicBaseObjects(ctx);
    JS_AddIntrinsicDate(ctx);
    JS_AddIntrinsicRegExpCompiler(ctx);
    JS_AddIntrinsicRegExp(ctx);
    JS_AddIntrinsicJSON(ctx);
    JS_AddIntrinsicMapSet(ctx);
    JS_AddIntrinsicTypedArrays(ctx);
    JS_AddIntrinsicPromise(ctx);
    return ctx;
}

static int die(JSContext *ctx)
{
    JSValue error = JS_GetException(ctx);
    const char *text = JS_ToCString(ctx, error);

    fprintf(stderr, "atlhyper-probe: %s\n", text == NULL ? "out of memory" : text);
    return 1;
}

/* Everything that can be done without waiting; false where somebody threw, or rejected, and nobody caught it. */
static bool run_jobs(JSRuntime *runtime)
{
    JSContext *ctx;
    int done;

    while ((done = JS_ExecutePendingJob(runtime, &ctx)) > 0)
        ;
    return done == 0 && rejections == 0;
}

/* Much of the program is only run, or read, once; what is needed again comes back from the file by itself. */
static int give_back_startup(struct dl_phdr_info *program, size_t size, void *nothing)
{
    const uintptr_t in_page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;

    (void)size, (void)nothing;
    for (int i = 0; i < program->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &program->dlpi_phdr[i];
        const uintptr_t start = program->dlpi_addr + part->p_vaddr, first = start & ~in_page;

        if (part->p_type == PT_LOAD && (part->p_flags & PF_W) == 0)
            madvise((void *)first, start + part->p_memsz - first, MADV_DONTNEED);
    }
    return 1; /* The program comes first; what it is linked with, if anything, stays. */
}

int main(int argc, char **argv)
{
    /* A file or a request of some size is given back to the kernel as soon as it is done with, and none is kept ready. */
    mallopt(M_MMAP_THRESHOLD, 64 << 10);
    mallopt(M_TRIM_THRESHOLD, 16 << 10);
    mallopt(M_TOP_PAD, 0);

    JSRuntime *runtime = new_runtime();
    JSContext *ctx = runtime == NULL ? NULL : new_context(runtime);
    if (ctx == NULL) {
        fputs("atlhyper-probe: out of memory\n", stderr);
        return 1;
    }
    JS_SetMemoryLimit(runtime, memory_limit);
    JS_SetMaxStackSize(runtime, stack_limit);
    JS_SetHostPromiseRejectionTracker(runtime, count_rejection, NULL);

    turn = JS_UNDEFINED;
    JSValue global = JS_GetGlobalObject(ctx), native = JS_NewObject(ctx);
    JS_SetPropertyFunctionList(ctx, native, functions, sizeof functions / sizeof functions[0]);
    add_file_functions(ctx, native);
    add_socket_functions(ctx, native);
    add_machine_functions(ctx, native);
    add_gzip(ctx, native);
    JS_DefinePropertyValueStr(ctx, native, "arguments", arguments(ctx, argc, argv), JS_PROP_C_W_E);
    JS_DefinePropertyValueStr(ctx, global, "native", native, JS_PROP_C_W_E);
    JS_FreeValue(ctx, global);

    JSValue code = JS_ReadObject(ctx, probe_bytecode, probe_bytecode_size, JS_READ_OBJ_BYTECODE);
    JSValue result = JS_IsException(code) ? code : JS_EvalFunction(ctx, code);
    dl_iterate_phdr(give_back_startup, NULL);
    while (!JS_IsException(result)) {
        JS_FreeValue(ctx, result);
        if (!run_jobs(runtime))
            break;
        result = JS_Call(ctx, turn, JS_UNDEFINED, 0, NULL);
        if (JS_IsNumber(result)) {
            int32_t exit_code = 1;
            JS_ToInt32(ctx, &exit_code, result);
            return exit_code;
        }
    }
    return die(ctx);
}
