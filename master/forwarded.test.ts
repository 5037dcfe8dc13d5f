import { expect, test } from "bun:test";
import { clientOf } from "./forwarded.ts";
import { trustedProxies } from "./trusted-proxies.ts";

const proxies = trustedProxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"]);

function client(headers: Record<string, string>, peer = "10.0.0.1") {
  return clientOf(new Headers(headers), peer, proxies);
}

test("headers of a peer that is no trusted proxy are ignored", () => {
  for (const peer of ["198.51.100.1", "2001:db8::1", "192.0.2.8", "11.0.0.1", "", "unknown"])
    expect(
      client(
        {
          "x-forwarded-for": "203.0.113.9",
          "x-forwarded-proto": "https",
          "x-forwarded-host": "evil.example",
          forwarded: "for=203.0.113.9;proto=https;host=evil.example",
        },
        peer,
      ),
    ).toEqual({ address: peer });
});

test("of a trusted proxy the client's address, scheme and host are taken, in both forms of headers", () => {
  const said = { address: "203.0.113.9", proto: "https", host: "atlhyper.example:8443" } as const;
  const usual = {
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "atlhyper.example:8443",
  };
  const standard = { forwarded: 'for=203.0.113.9;Proto=HTTPS;host="atlhyper.example:8443";by=10.0.0.1' };
  expect(client(usual)).toEqual(said);
  expect(client(standard)).toEqual(said);
  expect(client({ ...usual, ...standard })).toEqual(said);
  expect(client(usual, "::ffff:10.0.0.1")).toEqual(said);
  expect(client(usual, "FD00::5%eth0")).toEqual(said);
});

test("a client's own header of the other form is not believed", () => {
  expect(client({ "x-forwarded-for": "203.0.113.9", forwarded: "for=198.51.100.66" })).toEqual({
    address: "10.0.0.1",
  });
});

test("addresses are read in every form in which they stand", () => {
  const forms: [string, string][] = [
    ["203.0.113.9:4711", "203.0.113.9"],
    ["2001:DB8::9", "2001:db8::9"],
    ["[2001:db8::9]", "2001:db8::9"],
    ["[2001:db8::9]:4711", "2001:db8::9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
  ];
  for (const [text, address] of forms) {
    expect(client({ "x-forwarded-for": text }).address).toBe(address);
    expect(client({ forwarded: `for="${text}"` }).address).toBe(address);
  }
});

test("where a hop names no address, the last that is known is the client's", () => {
  for (const text of ["unknown", "_hidden", "", "evil", "1.2.3", "[1.2.3.4]", "<script>", '"'])
    expect(client({ "x-forwarded-for": `203.0.113.9, ${text}, 10.9.9.9` }).address).toBe("10.9.9.9");
  expect(client({ forwarded: 'for=_secret, for="10.9.9.9"' }).address).toBe("10.9.9.9");
  expect(client({ forwarded: 'for="10.9.9.9;for=1.1.1.1' }).address).toBe("10.0.0.1");
});

test("hosts and schemes that are none are ignored", () => {
  for (const host of ["a b", "a/b", "a@b", "", "x".repeat(300), "a:b"])
    expect(client({ "x-forwarded-for": "203.0.113.9", "x-forwarded-host": host }).host).toBeUndefined();
  expect(client({ "x-forwarded-proto": "gopher" })).toEqual({ address: "10.0.0.1" });
  expect(client({ "x-forwarded-proto": "https" })).toEqual({ address: "10.0.0.1", proto: "https" });
});

test("the outermost trusted proxy says how the client came, whatever those behind it add", () => {
  expect(
    client({ "x-forwarded-for": "203.0.113.9, 10.2.2.2", "x-forwarded-proto": "https, http" }).proto,
  ).toBe("https");
  expect(client({ "x-forwarded-for": "203.0.113.9, 10.2.2.2", "x-forwarded-proto": "https" }).proto).toBe(
    "https",
  );
  expect(
    client({
      forwarded: "for=evil;proto=http, for=203.0.113.9;proto=https;host=a.example, for=10.2.2.2;proto=http",
    }),
  ).toEqual({ address: "203.0.113.9", proto: "https", host: "a.example" });
});

/** A generator of the same numbers each time. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("generated chains: the client is the first from the right that is no trusted proxy, whatever it claims itself", () => {
  const next = numbers(4);
  const proxy = () => ["10.1.2.3", "192.0.2.7", "fd00::1", "::1", "10.255.0.1"][next(5)]!;
  const stranger = () => ["203.0.113.9", "2001:db8::5", "8.8.8.8", "192.0.2.8"][next(4)]!;
  const claim = () => ["10.0.0.1", "1.1.1.1", "unknown", "", "fd00::2", "';--", "::1"][next(7)]!;
  const many = <T>(most: number, make: () => T) => Array.from({ length: next(most) }, make);
  const quoted = (one: string) => `for="${one.includes(":") ? `[${one}]` : one}"`;
  for (let n = 0; n < 2000; n++) {
    const behind = many(4, proxy);
    const who = stranger();
    const chain = [...many(4, claim), who, ...behind];
    expect(client({ "x-forwarded-for": chain.join(next(2) ? ", " : ",") }, proxy()).address).toBe(who);
    expect(client({ forwarded: chain.map(quoted).join(", ") }, proxy()).address).toBe(who);
  }
});

test("ranges are checked, of both families, and told where they are none", () => {
  for (const one of ["10.0.0.0/33", "fd00::/129", "10.0.0", "example.com", "10.0.0.0/", "1.2.3.4/8/8", "/8"])
    expect(() => trustedProxies([one])).toThrow(`${one} is neither`);
  expect(trustedProxies(["0.0.0.0/0"]).has("203.0.113.9")).toBe(true);
  expect(trustedProxies(["0.0.0.0/0"]).has("2001:db8::1")).toBe(false);
  expect(trustedProxies([]).has("127.0.0.1")).toBe(false);
});
