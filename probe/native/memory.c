/*
 * The interpreter's memory. It takes and gives back some ten thousand small blocks a sample, and malloc(3) keeps more
 * of them in reserve than are in use. Here each page of 4 KiB holds blocks of one size, with nothing written before
 * them, and a page of which nothing is used any more goes back to the kernel. Larger blocks are malloc's.
 *
 * The kernel's own pages may be larger (16 KiB on a Raspberry Pi 5): it takes back all of one or nothing, and rounds up
 * what it is given. So several of ours go back together, once none of them is used.
 */
#include "native.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { page_size = 4096, most_pages = 16384, class_count = 24, no_class = 255, none = UINT16_MAX };

/* Of the blocks' sizes; four of the largest fill a page. */
static const uint16_t sizes[class_count] = {16,  32,  48,  64,  80,  96,  112, 128, 144, 160, 176, 192,
                                            208, 224, 240, 256, 320, 384, 448, 512, 576, 672, 816, 1024};
static const size_t largest = 1024;

/* One that has room is in the list of its class, one that is unused has no class. Pages are known by their number. */
static struct page {
    void *freed;
    uint16_t untouched, used, next, before;
    uint8_t class;
} pages[most_pages];
static uint8_t *arena;
static uint16_t with_room[class_count], unused = none, page_count;
static size_t in_kernel_page = 1;
static uint8_t class_of[65];

static bool is_small(const void *block)
{
    return (uintptr_t)block - (uintptr_t)arena < (uintptr_t)most_pages * page_size;
}

static struct page *page_of(const void *block)
{
    return &pages[((uintptr_t)block - (uintptr_t)arena) / page_size];
}

static uint16_t number_of(const struct page *page)
{
    return (uint16_t)(page - pages);
}

static void put_in_list(struct page *page, uint16_t *list)
{
    page->before = none;
    page->next = *list;
    if (*list != none)
        pages[*list].before = number_of(page);
    *list = number_of(page);
}

static void take_out_of_list(struct page *page, uint16_t *list)
{
    if (page->before == none)
        *list = page->next;
    else
        pages[page->before].next = page->next;
    if (page->next != none)
        pages[page->next].before = page->before;
}

static struct page *new_page(uint8_t class)
{
    struct page *page;

    if (unused != none) {
        page = &pages[unused];
        unused = page->next;
    } else if (page_count < most_pages)
        page = &pages[page_count++];
    else
        return NULL;
    *page = (struct page){.class = class};
    put_in_list(page, &with_room[class]);
    return page;
}

static void *take_small(size_t size)
{
    const uint8_t class = class_of[(size + 15) / 16];
    const uint16_t block_size = sizes[class];
    struct page *page = with_room[class] != none ? &pages[with_room[class]] : new_page(class);

    if (page == NULL)
        return NULL;
    void *block = page->freed;
    if (block != NULL)
        memcpy(&page->freed, block, sizeof page->freed);
    else {
        block = arena + (size_t)number_of(page) * page_size + page->untouched;
        page->untouched = (uint16_t)(page->untouched + block_size);
    }
    page->used++;
    if (page->freed == NULL && page->untouched + block_size > page_size)
        take_out_of_list(page, &with_room[class]);
    return block;
}

/* To the kernel, with those that share its page. */
static void give_page_back(uint16_t number)
{
    const size_t first = number - number % in_kernel_page;

    for (size_t i = first; i < first + in_kernel_page && i < page_count; i++)
        if (pages[i].class != no_class)
            return;
    madvise(arena + first * page_size, in_kernel_page * page_size, MADV_DONTNEED);
}

static void give_small(void *block)
{
    struct page *page = page_of(block);
    const uint16_t block_size = sizes[page->class];
    const bool was_full = page->freed == NULL && page->untouched + block_size > page_size;

    memcpy(block, &page->freed, sizeof page->freed);
    page->freed = block;
    page->used--;
    if (was_full)
        put_in_list(page, &with_room[page->class]);
    /* The last page of its class stays: it would be asked for again at once. */
    if (page->used == 0 && (page->next != none || page->before != none)) {
        take_out_of_list(page, &with_room[page->class]);
        page->class = no_class;
        page->next = unused;
        unused = number_of(page);
        give_page_back(unused);
    }
}

static size_t room_of(void *block)
{
    return is_small(block) ? sizes[page_of(block)->class] : malloc_usable_size(block);
}

static size_t usable_size(const void *block)
{
    return room_of((void *)(uintptr_t)block);
}

static void *take(size_t size)
{
#if defined(__SANITIZE_ADDRESS__) && !defined(POOL_UNDER_SANITIZERS) /* which know only malloc's blocks */
    return malloc(size);
#endif
    void *block = size <= largest ? take_small(size) : NULL;
    return block == NULL ? malloc(size) : block;
}

static void give(void *block)
{
    if (is_small(block))
        give_small(block);
    else
        free(block);
}

/* What the interpreter counts for itself, so that its limit holds. */
static const size_t overhead = 8;

static void *counted_take(JSMallocState *state, size_t size)
{
    if (size == 0 || state->malloc_size + size > state->malloc_limit)
        return NULL;
    void *block = take(size);
    if (block != NULL) {
        state->malloc_count++;
        state->malloc_size += room_of(block) + overhead;
    }
    return block;
}

static void counted_give(JSMallocState *state, void *block)
{
    if (block == NULL)
        return;
    state->malloc_count--;
    state->malloc_size -= room_of(block) + overhead;
    give(block);
}

static void *counted_resize(JSMallocState *state, void *block, size_t size)
{
    if (block == NULL)
        return counted_take(state, size);
    if (size == 0) {
        counted_give(state, block);
        return NULL;
    }
    const size_t room = room_of(block);
    if (size > room && state->malloc_size + size - room > state->malloc_limit)
        return NULL;
    if (!is_small(block) && size > largest) {
        void *moved = realloc(block, size);
        if (moved != NULL)
            state->malloc_size += room_of(moved) - room;
        return moved;
    }
    if (is_small(block) && size <= room && class_of[(size + 15) / 16] == page_of(block)->class)
        return block;
    void *moved = take(size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, size < room ? size : room);
    state->malloc_size += room_of(moved) - room;
    give(block);
    return moved;
}

JSRuntime *new_runtime(void)
{
    static const JSMallocFunctions functions = {counted_take, counted_give, counted_resize, usable_size};

    arena = mmap(NULL, (size_t)most_pages * page_size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (arena == MAP_FAILED)
        return NULL;
    const long kernels = sysconf(_SC_PAGESIZE);
    if (kernels > page_size)
        in_kernel_page = (size_t)kernels / page_size;
    for (uint8_t class = 0; class < class_count; class++)
        with_room[class] = none;
    for (size_t sixteens = 0, class = 0; sixteens < sizeof class_of; sixteens++) {
        while (sizes[class] < sixteens * 16)
            class++;
        class_of[sixteens] = (uint8_t)class;
    }
    return JS_NewRuntime2(&functions, NULL);
}
