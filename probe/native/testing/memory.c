/*
 * A million blocks taken, resized and given back at random: none overlaps another, all keep what was written in
 * them, what is counted comes out even, the limit holds, and in the end no page but the last of each size is held,
 * nor resident but what shares the kernel's page with one.
 * All of that as on kernels with pages of 4, 16 and 64 KiB.
 */
#include "../native.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* As the kernel does it: pages of its own size, and what is given is rounded up to them. */
static size_t kernel_page;

static void take_back(uint8_t *start, size_t length)
{
    if ((uintptr_t)start % kernel_page != 0)
        return;
    madvise(start, (length + kernel_page - 1) / kernel_page * kernel_page, MADV_DONTNEED);
}

#define POOL_UNDER_SANITIZERS
#define madvise(start, length, advice) take_back(start, length)
#define sysconf(name) ((long)kernel_page)
#include "../memory.c"

enum { most_blocks = 20000, rounds = 1000000 };

static struct {
    uint8_t *bytes;
    size_t size;
    uint8_t mark;
} blocks[most_blocks];
static uint32_t state = 1;

static uint32_t chance(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % below;
}

static size_t some_size(void)
{
    const uint32_t kind = chance(100);
    return 1 + (kind < 80 ? chance(200) : kind < 98 ? chance(1100) : chance(100000));
}

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    printf("not so: %s\n", what);
    exit(1);
}

static void check_block(size_t at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        check(blocks[at].bytes[i] == blocks[at].mark, "a block keeps what was written in it");
}

static void mark_block(size_t at)
{
    blocks[at].mark = (uint8_t)chance(256);
    memset(blocks[at].bytes, blocks[at].mark, blocks[at].size);
    check(room_of(blocks[at].bytes) >= blocks[at].size, "a block has the room that was asked for");
    check((uintptr_t)blocks[at].bytes % 16 == 0, "a block is aligned");
}

static int try_blocks(void)
{
    JSMallocState counts = {.malloc_limit = 64 << 20};

    JS_FreeRuntime(new_runtime());
    for (uint32_t round = 0; round < rounds; round++) {
        const size_t at = chance(most_blocks);
        if (blocks[at].bytes == NULL) {
            blocks[at].size = some_size();
            blocks[at].bytes = counted_take(&counts, blocks[at].size);
            if (blocks[at].bytes == NULL)
                check(counts.malloc_size + blocks[at].size > counts.malloc_limit, "there is memory below the limit");
            else
                mark_block(at);
        } else if (chance(3) == 0) {
            const size_t size = some_size(), kept = size < blocks[at].size ? size : blocks[at].size;
            uint8_t *moved = counted_resize(&counts, blocks[at].bytes, size);
            if (moved == NULL)
                continue;
            blocks[at].bytes = moved;
            blocks[at].size = size;
            check_block(at, kept);
            mark_block(at);
        } else {
            check_block(at, blocks[at].size);
            counted_give(&counts, blocks[at].bytes);
            blocks[at].bytes = NULL;
        }
        check(counts.malloc_size <= counts.malloc_limit + (1 << 17), "the limit holds");
    }
    for (size_t at = 0; at < most_blocks; at++)
        counted_give(&counts, blocks[at].bytes);
    check(counts.malloc_size == 0 && counts.malloc_count == 0, "what is given back is counted as such");
    size_t held = 0;
    for (uint16_t class = 0; class < class_count; class++)
        for (uint16_t page = with_room[class]; page != none; page = pages[page].next, held++)
            check(pages[page].used == 0, "nothing is used in the end");
    check(held <= class_count, "one page a size is held");
    static uint8_t resident[most_pages];
    size_t there = 0;
    check(mincore(arena, (size_t)page_count * page_size, resident) == 0, "it can be told what is resident");
    for (size_t page = 0; page < page_count; page++)
        there += resident[page] & 1;
    check(there <= held * in_kernel_page, "the kernel gets back what is not used");
    check(counted_take(&counts, (size_t)-1) == NULL && counted_take(&counts, 0) == NULL, "no nonsense is given");
    return 0;
}

int main(void)
{
    for (kernel_page = (size_t)getpagesize(); kernel_page <= 65536; kernel_page *= 4) {
        int status;
        const pid_t child = fork(); /* The pool is one for a process. */

        if (child == 0)
            return try_blocks();
        check(waitpid(child, &status, 0) == child && status == 0, "it is so on every kernel");
    }
    puts("so it is");
    return 0;
}
