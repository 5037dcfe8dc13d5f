/** A store that reads what is sent to it and throws it away; tells its address on standard output. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    await request.arrayBuffer();
    return new Response(null, { status: 204 });
  },
});
process.stdout.write(`${server.url}\n`);
