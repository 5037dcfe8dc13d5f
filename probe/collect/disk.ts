import { Absent, type Collector, required } from "../collector.ts";
import type { DiskMetrics } from "../../wire/metrics.ts";
import type { FilesystemSize } from "../host.ts";
import { share, significant } from "../numbers.ts";
import { cut } from "../text.ts";

/** How full each real filesystem of the machine is, by statfs(2) on the mounts that /proc/self/mountinfo names. */
export const disk: Collector = {
  name: "disk",
  start({ host, procRoot, hostRoot }) {
    return {
      collect() {
        // The probe's own mounts: what it can reach, with the machine's below the host root.
        const mounts = parseMountinfo(required(host, `${procRoot}/self/mountinfo`));
        const disk: DiskMetrics[] = [];
        for (const mount of realMounts(mounts, hostRoot)) {
          const size = host.statfs(hostRoot === "/" ? mount.point : hostRoot + mount.point);
          if (size && size.total > 0) disk.push(diskMetrics(mount, size));
        }
        if (disk.length === 0) throw new Absent("no filesystem on a disk is mounted");
        return { disk };
      },
    };
  },
};

export interface Mount {
  /** Major and minor number of the device: the same for every mount of one filesystem. */
  device: string;
  point: string;
  filesystem: string;
  source: string;
}

const mostMounts = 20_000;
const mostDisks = 128;

/** The format is in proc(5): optional fields end with a dash, and blanks in names are octal escapes. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n", mostMounts)) {
    const dash = line.indexOf(" - ");
    if (dash < 0) continue;
    const [, , device, , point] = line.slice(0, dash).split(" ", 5);
    const [filesystem, source] = line.slice(dash + 3).split(" ", 2);
    if (!device || !point?.startsWith("/") || !filesystem || source === undefined) continue;
    mounts.push({ device, point: unescaped(point), filesystem, source: unescaped(source) });
  }
  return mounts;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

// A server that is away makes statfs block for as long as it is.
const network = /^(nfs|nfs4|cifs|smb3|smbfs|9p|ceph|glusterfs|lustre|afs|ncpfs|fuse\..*|fuse)$/;
const images = /^(squashfs|iso9660|udf|erofs|cramfs|romfs)$/;
// What runtimes mount for each container and volume. The folders themselves may well be disks of their own.
const ofContainers =
  /^\/(var\/lib\/(kubelet|containerd|docker|containers|rancher|k0s)|run\/(containerd|k3s|docker|netns)|var\/snap\/[^/]+)\/.|\/etc\/(hosts|hostname|resolv\.conf)$/;

/**
 * Each filesystem of the machine once, at the shortest of its mount points as seen from the host root.
 * An overlay counts only where there is nothing else, as for a probe that sees no more than its own container.
 */
export function realMounts(mounts: Mount[], hostRoot: string): Mount[] {
  const visible = new Map<string, Mount>();
  for (const mount of mounts) {
    const point = below(hostRoot, mount.point);
    // A later mount at the same place hides the one before it.
    if (point !== undefined) visible.set(point, { ...mount, point });
  }
  const byDevice = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!isReal(mount)) continue;
    const other = byDevice.get(mount.device);
    if (!other || mount.point.length < other.point.length) byDevice.set(mount.device, mount);
  }
  const root = visible.get("/");
  if (byDevice.size === 0 && root?.filesystem === "overlay") byDevice.set(root.device, root);
  return [...byDevice.values()].sort((a, b) => (a.point < b.point ? -1 : 1)).slice(0, mostDisks);
}

function isReal({ point, filesystem, source }: Mount): boolean {
  if (network.test(filesystem) || images.test(filesystem) || ofContainers.test(point)) return false;
  if (source.startsWith("/dev/loop")) return false;
  // ZFS and bcachefs name a pool or several devices; a root in memory is still what the machine runs on.
  const ofDisk = source.startsWith("/dev/") || filesystem === "zfs" || filesystem === "bcachefs";
  return ofDisk || (point === "/" && filesystem !== "overlay" && filesystem !== "rootfs");
}

function below(root: string, path: string): string | undefined {
  if (root === "/") return path;
  if (path === root) return "/";
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

function diskMetrics(mount: Mount, size: FilesystemSize): DiskMetrics {
  const used = Math.max(0, size.total - size.free);
  return {
    mountPoint: cut(mount.point, 256),
    total: size.total,
    used: significant(used),
    free: significant(size.available),
    // As df(1) has it: of what users may fill, since some of the free blocks are kept for root.
    usage: share(used, used + size.available),
    device: cut(mount.source),
    filesystem: cut(mount.filesystem, 32),
    // Btrfs and others that make inodes as they go tell zero.
    ...(size.inodes > 0 && {
      inodes: { total: size.inodes, used: significant(Math.max(0, size.inodes - size.inodesFree)) },
    }),
  };
}
