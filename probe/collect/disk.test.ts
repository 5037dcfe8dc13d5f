import { expect, test } from "bun:test";
import { cpuMs } from "../../kit/testing/cpu.ts";
import { fixtureHost, loadFixture } from "../testing/fixture.ts";
import { collectTwice, contextOf } from "../testing/context.ts";
import { disk, parseMountinfo, realMounts } from "./disk.ts";

const mount = (point: string, filesystem: string, source: string, device = "8:1", root = "/") =>
  `36 35 ${device} ${root} ${point} rw,noatime shared:1 - ${filesystem} ${source} rw`;
const points = (lines: string[], hostRoot = "/") =>
  realMounts(parseMountinfo(lines.join("\n")), hostRoot).map((one) => one.point);

test("every filesystem on a disk is reported once, with its inodes where it counts them", () => {
  expect(collectTwice(disk, "raspberry-pi-4").disk).toEqual([
    {
      mountPoint: "/",
      total: 31136206848,
      used: 12920000000,
      free: 16750000000,
      usage: 0.435,
      device: "/dev/mmcblk0p2",
      filesystem: "ext4",
      inodes: { total: 1925120, used: 193900 },
    },
    {
      mountPoint: "/boot/firmware",
      total: 535801856,
      used: 78620000,
      free: 457200000,
      usage: 0.147,
      device: "/dev/mmcblk0p1",
      filesystem: "vfat",
    },
  ]);
});

test("two subvolumes of one btrfs share their space, so they are one disk", () => {
  expect(collectTwice(disk, "raspberry-pi-5").disk!.map((one) => one.mountPoint)).toEqual([
    "/",
    "/boot/firmware",
    "/srv",
  ]);
});

test("what kubelet and containerd mount for pods is left out, and a disk of their own is not", () => {
  expect(
    points([
      mount("/", "ext4", "/dev/sda1"),
      mount("/var/lib/containerd", "xfs", "/dev/sdb1", "8:17"),
      mount("/var/lib/kubelet", "xfs", "/dev/sdc1", "8:33"),
      mount("/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/pvc/mount", "ext4", "/dev/sdd1", "8:49"),
      mount("/run/containerd/io.containerd/x/rootfs", "overlay", "overlay", "0:60"),
    ]),
  ).toEqual(["/", "/var/lib/containerd", "/var/lib/kubelet"]);
});

test("a network filesystem is never asked, since a server that is away would block the probe", () => {
  expect(points([mount("/", "nfs4", "nas:/root", "0:40"), mount("/data", "ext4", "/dev/sda1")])).toEqual([
    "/data",
  ]);
  expect(points([mount("/mnt", "fuse.sshfs", "/dev/fuse", "0:41")])).toEqual([]);
});

test("read-only images are always full and say nothing", () => {
  expect(
    points([
      mount("/snap/x/1", "squashfs", "/dev/loop3", "7:3"),
      mount("/cd", "iso9660", "/dev/sr0", "11:0"),
    ]),
  ).toEqual([]);
});

test("ZFS datasets and a root in memory are real", () => {
  expect(points([mount("/", "tmpfs", "none", "0:1"), mount("/tank", "zfs", "tank/data", "0:50")])).toEqual([
    "/",
    "/tank",
  ]);
});

test("an overlay is reported only by a probe that sees nothing else", () => {
  const overlay = mount("/", "overlay", "overlay", "0:60");
  expect(points([overlay, mount("/etc/hosts", "ext4", "/dev/sda1", "8:1", "/var/lib/x/hosts")])).toEqual([
    "/",
  ]);
  expect(points([overlay, mount("/data", "ext4", "/dev/sda1")])).toEqual(["/data"]);
});

test("in a container the machine's mounts are those below the host root, named as the machine names them", () => {
  const mounts = [
    mount("/", "overlay", "overlay", "0:60"),
    mount("/host", "ext4", "/dev/sda1", "8:1"),
    mount("/host/boot", "ext4", "/dev/sda2", "8:2"),
    mount("/hostile", "ext4", "/dev/sda3", "8:3"),
  ];
  expect(points(mounts, "/host")).toEqual(["/", "/boot"]);
});

test("in a container sizes are asked below the host root", () => {
  const fixture = loadFixture("raspberry-pi-4");
  fixture.files.set("/proc/self/mountinfo", mount("/host/boot", "vfat", "/dev/sda1"));
  fixture.sizes.set("/host/boot", { total: 1000, free: 500, available: 500, inodes: 0, inodesFree: 0 });
  const collecting = disk.start(contextOf(fixtureHost(fixture), { hostRoot: "/host" }));
  expect(collecting.collect().disk).toMatchObject([{ mountPoint: "/boot", total: 1000, usage: 0.5 }]);
});

test("a mount that hides another one is the one that counts", () => {
  expect(points([mount("/mnt", "ext4", "/dev/sda1"), mount("/mnt", "tmpfs", "tmpfs", "0:9")])).toEqual([]);
});

test("blanks in names are written as octal escapes", () => {
  const [one] = parseMountinfo(mount("/mnt/my\\040disk\\134", "ext4", "/dev/disk\\040a"));
  expect(one).toEqual({ device: "8:1", point: "/mnt/my disk\\", filesystem: "ext4", source: "/dev/disk a" });
});

test("two thousand mounts of one disk are one disk, quickly", () => {
  const lines = Array.from({ length: 2000 }, (_, index) => mount(`/bind/${index}`, "ext4", "/dev/sda1"));
  let found: string[] = [];
  expect(cpuMs(() => (found = points([mount("/", "ext4", "/dev/sda1"), ...lines])))).toBeLessThan(500);
  expect(found).toEqual(["/"]);
});

test("a machine with no disk mounted says so", () => {
  const fixture = loadFixture("raspberry-pi-4");
  fixture.sizes.clear();
  expect(() => disk.start(contextOf(fixtureHost(fixture))).collect()).toThrow("no filesystem on a disk");
});
