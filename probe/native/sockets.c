/* TCP and UDP without blocking, and the one place where the probe waits. */
#include "native.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_sockets = 8, most_received = 16 << 10 };

/* A socket is known to the other side by its place here. `fd` -1 is a free one; poll(2) passes over it. The last
   is for signals. */
static struct pollfd sockets[most_sockets + 1] = {{.fd = -1}, {.fd = -1}, {.fd = -1}, {.fd = -1},
                                                  {.fd = -1}, {.fd = -1}, {.fd = -1}, {.fd = -1}};

static struct pollfd *socket_of(JSContext *ctx, JSValueConst value)
{
    int32_t place = -1;

    JS_ToInt32(ctx, &place, value);
    if (place >= 0 && place < most_sockets && sockets[place].fd >= 0)
        return &sockets[place];
    JS_ThrowInternalError(ctx, "not an open socket");
    return NULL;
}

static socklen_t address_of(const char *text, uint16_t port, struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;

    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        return sizeof *six;
    }
    return 0;
}

/* open(address, port, datagram): a socket that connects, and is ready for writing when it did, or failed. */
static JSValue open_socket(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    struct sockaddr_storage address;
    uint32_t port = 0;
    const int datagram = JS_ToBool(ctx, argv[2]), on = 1;
    const char *text = c_string(ctx, argv[0]);
    JS_ToUint32(ctx, &port, argv[1]);
    socklen_t length = text == NULL ? 0 : address_of(text, (uint16_t)port, &address);
    JS_FreeCString(ctx, text);
    if (length == 0)
        return JS_ThrowTypeError(ctx, "not an address");

    int place = 0;
    while (place < most_sockets && sockets[place].fd >= 0)
        place++;
    if (place == most_sockets)
        return throw_errno(ctx, EMFILE);
    int fd = socket(address.ss_family, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return throw_errno(ctx, errno);
    if (!datagram)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS) {
        int number = errno;
        close(fd);
        return throw_errno(ctx, number);
    }
    sockets[place] = (struct pollfd){.fd = fd, .events = POLLIN | (datagram ? 0 : POLLOUT)};
    return JS_NewInt32(ctx, place);
}

/* connected(socket): throws what went wrong. From then on it is waited for only what is received. */
static JSValue connected(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    struct pollfd *one = socket_of(ctx, argv[0]);
    int number = 0;
    socklen_t length = sizeof number;

    if (one == NULL)
        return JS_EXCEPTION;
    one->events = POLLIN;
    if (getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &number, &length) < 0)
        number = errno;
    return number == 0 ? JS_UNDEFINED : throw_errno(ctx, number);
}

/* send(socket, bytes, from): how many the kernel took. Where that is not all, it is waited for room. */
static JSValue send_bytes(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    struct pollfd *one = socket_of(ctx, argv[0]);
    size_t offset, length, whole;
    uint32_t from = 0;

    if (one == NULL)
        return JS_EXCEPTION;
    JSValue buffer = JS_GetTypedArrayBuffer(ctx, argv[1], &offset, &length, NULL);
    if (JS_IsException(buffer))
        return buffer;
    uint8_t *bytes = JS_GetArrayBuffer(ctx, &whole, buffer);
    JS_FreeValue(ctx, buffer);
    JS_ToUint32(ctx, &from, argv[2]);
    if (bytes == NULL || from > length)
        return JS_ThrowTypeError(ctx, "not bytes to send");
    ssize_t sent = send(one->fd, bytes + offset + from, length - from, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return throw_errno(ctx, errno);
    sent = sent < 0 ? 0 : sent;
    one->events = POLLIN | ((size_t)sent < length - from ? POLLOUT : 0);
    return JS_NewUint32(ctx, (uint32_t)sent);
}

/* An empty datagram is one that came; for TCP it means the end. */
static bool is_datagram(int fd)
{
    int type = 0;
    socklen_t length = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_DGRAM;
}

/* receive(socket): what has come; undefined where that is nothing, and null where nothing will come any more. */
static JSValue receive(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    static uint8_t bytes[most_received];
    struct pollfd *one = socket_of(ctx, argv[0]);

    if (one == NULL)
        return JS_EXCEPTION;
    ssize_t size = recv(one->fd, bytes, sizeof bytes, 0);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR ? JS_UNDEFINED : JS_NULL;
    if (size == 0 && !is_datagram(one->fd))
        return JS_NULL;
    return bytes_of(ctx, bytes, (size_t)size);
}

static JSValue close_socket(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    struct pollfd *one = socket_of(ctx, argv[0]);

    if (one == NULL)
        return JS_EXCEPTION;
    close(one->fd);
    one->fd = -1;
    return JS_UNDEFINED;
}

/* wait(ms): until a socket is ready, which it gives, or -1 when time is up, or -2 on SIGTERM and SIGINT. */
static JSValue wait_for(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv)
{
    (void)this, (void)argc;
    static int latest;
    struct signalfd_siginfo told;
    double ms = 0;

    JS_ToFloat64(ctx, &ms, argv[0]);
    ms = fmin(fmax(ms, 0), 3600000);
    struct timespec time = {(time_t)(ms / 1000), (long)(fmod(ms, 1000) * 1e6)};
    int count = ppoll(sockets, most_sockets + 1, &time, NULL);
    if (count > 0 && sockets[most_sockets].revents != 0 && read(sockets[most_sockets].fd, &told, sizeof told) > 0)
        return JS_NewInt32(ctx, -2);
    /* Each in turn, so that one that always has something does not keep the others waiting. */
    for (int i = 1; count > 0 && i <= most_sockets; i++) {
        int place = (latest + i) % most_sockets;
        if (sockets[place].fd >= 0 && sockets[place].revents != 0)
            return JS_NewInt32(ctx, latest = place);
    }
    return JS_NewInt32(ctx, -1);
}

/* Signals wait until they are asked for, as what comes from a socket does. */
static void catch_signals(void)
{
    sigset_t both;

    sigemptyset(&both);
    sigaddset(&both, SIGTERM);
    sigaddset(&both, SIGINT);
    sigprocmask(SIG_BLOCK, &both, NULL);
    signal(SIGPIPE, SIG_IGN);
    sockets[most_sockets] = (struct pollfd){.fd = signalfd(-1, &both, SFD_NONBLOCK | SFD_CLOEXEC), .events = POLLIN};
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("open", 3, open_socket),
    JS_CFUNC_DEF("connected", 1, connected),
    JS_CFUNC_DEF("send", 3, send_bytes),
    JS_CFUNC_DEF("receive", 1, receive),
    JS_CFUNC_DEF("close", 1, close_socket),
    JS_CFUNC_DEF("wait", 1, wait_for),
};

void add_socket_functions(JSContext *ctx, JSValueConst native)
{
    catch_signals();
    JS_SetPropertyFunctionList(ctx, native, functions, sizeof functions / sizeof functions[0]);
}
