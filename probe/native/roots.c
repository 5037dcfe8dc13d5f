/*
 * openat2(2) stays below a root: links are followed within it, `..` ends at it, and the kernel's own links in
 * /proc/PID, which lead into containers, are not followed at all. Kernels before 5.6 do not have it: there a path
 * is looked up one name after the other, none of them followed by the kernel where it is a link: its
 * target is read and looked up in the same way. So nobody can exchange a folder for a link in between.
 */
#include "native.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_roots = 8, longest_root = 256, most_links = 40 };

static struct {
    char path[longest_root];
    size_t length;
    int folder;
} roots[most_roots];
static size_t root_count;

bool add_root(const char *path)
{
    size_t length = strlen(path);

    while (length > 0 && path[length - 1] == '/')
        length--;
    if (path[0] != '/' || length >= longest_root || root_count == most_roots)
        return false;
    memcpy(roots[root_count].path, path, length);
    roots[root_count].path[length] = '\0';
    roots[root_count].length = length;
    roots[root_count].folder = -1;
    root_count++;
    return true;
}

/* The innermost root that a path is in, and the path within; -1 where there is none. */
static int root_of(const char *path, const char **within)
{
    int found = -1;

    for (size_t i = 0; i < root_count; i++) {
        size_t length = roots[i].length;
        if (strncmp(path, roots[i].path, length) != 0 || (path[length] != '/' && path[length] != '\0'))
            continue;
        if (found < 0 || length > roots[found].length)
            found = (int)i;
    }
    if (found < 0)
        return -1;
    /* A root itself is as the administrator named it, links and all. One that is not there yet may come. */
    if (roots[found].folder < 0)
        roots[found].folder =
            open(roots[found].length > 0 ? roots[found].path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    *within = path + roots[found].length;
    return roots[found].folder;
}

/* Takes the last name off a path that has no link in it. */
static void up(char *path)
{
    char *slash = strrchr(path, '/');

    *(slash == NULL ? path : slash) = '\0';
}

/* Makes `path` lead from the root over the folder that was reached to a link's target, and on with the rest. */
static bool lead_on(char path[PATH_MAX], char *reached, const char *target, const char *rest)
{
    char whole[PATH_MAX];

    if (target[0] == '/')
        reached[0] = '\0';
    while (target[0] == '.' && target[1] == '.' && (target[2] == '/' || target[2] == '\0')) {
        up(reached);
        target += 2 + (target[2] == '/');
    }
    int length = snprintf(whole, sizeof whole, "%s/%s/%s", reached, target, rest);
    if (length < 0 || (size_t)length >= sizeof whole)
        return false;
    memcpy(path, whole, (size_t)length + 1);
    return true;
}

/* Reads where a link points; false where a name is none. `next` is the link itself where it could be opened. */
static bool link_target(int folder, const char *name, int next, char target[PATH_MAX])
{
    ssize_t size = next >= 0 ? readlinkat(next, "", target, PATH_MAX - 1) : readlinkat(folder, name, target, PATH_MAX - 1);

    if (size <= 0)
        return false;
    target[size] = '\0';
    return true;
}

static int walk(int root, char path[PATH_MAX], int flags)
{
    char reached[PATH_MAX] = "", target[PATH_MAX];
    int folder = root, links = 0, error = 0;
    char *rest = path;

    for (;;) {
        char *name = rest + strspn(rest, "/");
        size_t length = strcspn(name, "/");
        rest = name + length + strspn(name + length, "/");
        bool last = *rest == '\0';
        name[length] = '\0';

        bool upwards = strcmp(name, "..") == 0;
        int next = -1;
        if (!upwards) {
            const int how = last ? flags : O_PATH | O_DIRECTORY;
            next = openat(folder, length > 0 ? name : ".", how | O_NOFOLLOW | O_CLOEXEC);
            error = errno;
        }
        /* With O_PATH a link itself is opened, which is wanted only where the flags say so. */
        bool opened_link = next >= 0 && last && (flags & O_PATH) != 0 && (flags & O_NOFOLLOW) == 0;
        bool is_link = (next < 0 || opened_link) && !upwards && link_target(folder, name, next, target);
        if (folder != root)
            close(folder);
        if (is_link || upwards) {
            if (next >= 0)
                close(next);
            if (++links > most_links || !lead_on(path, reached, upwards ? ".." : target, rest)) {
                errno = ELOOP;
                return -1;
            }
            folder = root;
            rest = path;
            reached[0] = '\0';
            continue;
        }
        if (next < 0 || last) {
            errno = error;
            return next;
        }
        folder = next;
        /* A single dot is no name that `..` could take off again. */
        if (strcmp(name, ".") != 0)
            strcat(strcat(reached, "/"), name);
    }
}

static int by_openat2(int root, const char *path, int flags)
{
#ifdef WITHOUT_OPENAT2 /* in tests, which run on newer kernels */
    (void)root, (void)path, (void)flags;
    errno = ENOSYS;
    return -1;
#else
    const struct open_how how = {
        .flags = (uint64_t)(unsigned)flags | O_CLOEXEC,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };

    return (int)syscall(SYS_openat2, root, path[0] == '\0' ? "." : path, &how, sizeof how);
#endif
}

/* Too old a kernel, a filter for system calls that does not know it, or a folder that was moved meanwhile. */
static bool want_of_openat2(int number)
{
    return number == ENOSYS || number == EPERM || number == EAGAIN;
}

int open_in_root(const char *path, int flags)
{
    char within[PATH_MAX];
    const char *start;
    int root = root_of(path, &start);

    if (root < 0 || strlen(start) >= sizeof within) {
        errno = root < 0 ? ENOENT : ENAMETOOLONG;
        return -1;
    }
    int file = by_openat2(root, start + strspn(start, "/"), flags);
    if (file >= 0 || !want_of_openat2(errno))
        return file;
    memcpy(within, start, strlen(start) + 1);
    return walk(root, within, flags);
}
