import { expect, test } from "bun:test";
import { findContainers, parseContainerGroup, parsePodGroup } from "./cgroup.ts";
import { hostOf } from "./testing/context.ts";

const uid = "11111111-2222-3333-4444-555555555555";
const escaped = uid.replaceAll("-", "_");
const id = "0f".repeat(32);
const find = (...groups: string[]) => {
  const files = new Map(groups.map((path) => [`/cg${path}/memory.current`, "1\n"]));
  return findContainers(hostOf(files), "/cg");
};

test.each([
  ["cgroupfs, guaranteed", `/kubepods/pod${uid}/${id}`],
  ["cgroupfs, burstable", `/kubepods/burstable/pod${uid}/${id}`],
  ["cgroupfs, best effort", `/kubepods/besteffort/pod${uid}/${id}`],
  ["cgroupfs with CRI-O", `/kubepods/burstable/pod${uid}/crio-${id}`],
  ["systemd, guaranteed", `/kubepods.slice/kubepods-pod${escaped}.slice/cri-containerd-${id}.scope`],
  [
    "systemd, burstable",
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${escaped}.slice/cri-containerd-${id}.scope`,
  ],
  [
    "systemd, best effort with CRI-O",
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${escaped}.slice/crio-${id}.scope`,
  ],
  ["systemd with Docker", `/kubepods.slice/kubepods-pod${escaped}.slice/docker-${id}.scope`],
  [
    "kind, systemd",
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${escaped}.slice/cri-containerd-${id}.scope`,
  ],
  ["kind, cgroupfs", `/kubelet/kubepods/besteffort/pod${uid}/${id}`],
])("%s", (_, path) => {
  expect(find(path)).toEqual([{ id, podUID: uid, path }]);
});

test("a static pod's UID is the hash of its file", () => {
  expect(parsePodGroup("kubepods-burstable-pod0123456789abcdef0123456789abcdef.slice")).toBe(
    "0123456789abcdef0123456789abcdef",
  );
});

test("classes, services and the runtimes' helpers are neither pods nor containers", () => {
  expect(parsePodGroup("kubepods-burstable.slice")).toBeUndefined();
  expect(parsePodGroup("podman.service")).toBeUndefined();
  expect(parseContainerGroup(`crio-conmon-${id}.scope`)).toBeUndefined();
  expect(parseContainerGroup("memory.current")).toBeUndefined();
});

test("a tree without pods is empty, and no tree is none", () => {
  expect(find("/kubepods/burstable")).toEqual([]);
  expect(find("/system.slice/ssh.service")).toBeUndefined();
});

test("of very many containers two thousand are told", () => {
  const many = Array.from(
    { length: 2500 },
    (_, index) => `/kubepods/pod${uid}/${index.toString(16).padStart(64, "0")}`,
  );
  expect(find(...many)).toHaveLength(2000);
});
