import { expect, test } from "bun:test";
import { ByteText } from "../lists/byte-text.ts";
import { trackIngresses } from "./ingresses.ts";

const object = (name: string, spec: object) => ({ metadata: { name, namespace: "shop", uid: name }, spec });

test("an ingress names the controller of its class, also when the class is known later or changes", () => {
  const { ingresses, classes } = trackIngresses({ observe: () => {}, forget: () => {} }, undefined);
  const ingress = ingresses.project(object("web", { ingressClassName: "edge" }))!;
  ingresses.items = new Map([["shop/web", ingress]]);
  const sent = () => {
    const out = new ByteText();
    ingresses.list.contents.write("shop/web", out);
    return JSON.parse(out.toString()).summary;
  };
  expect(sent().controller).toBeUndefined();
  expect([...ingresses.list.take()]).toEqual([]);

  for (const controller of ["example.com/one", "example.com/two"]) {
    const item = classes.project(object("edge", { controller }))!;
    classes.items = new Map([["edge", item]]);
    classes.change({ type: "upsert", key: "edge", item, previous: undefined });
    expect([...ingresses.list.take()]).toEqual(["shop/web"]);
    expect(sent()).toMatchObject({ name: "web", class: "edge", controller });
  }
});
