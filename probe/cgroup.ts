import type { Host } from "./host.ts";

/** A container's control group, by its path below the hierarchy's root. */
export interface ContainerGroup {
  id: string;
  podUID: string;
  path: string;
}

const mostContainers = 2_000;

/**
 * The containers of all pods in a hierarchy of control groups, as the kubelet lays them out: pods of the
 * guaranteed class at the top of `kubepods`, the others in a folder for their class, with the systemd
 * driver (`kubepods-burstable-pod<uid>.slice`) or with cgroupfs (`burstable/pod<uid>`). Undefined when
 * there is no such tree.
 */
export function findContainers(host: Host, root: string): ContainerGroup[] | undefined {
  const list = (path: string) => host.list(root + path) ?? [];
  const tops = list("").flatMap((name) => {
    if (isKubepods(name)) return [`/${name}`];
    // In kind and others that keep a whole node in a container, the tree is one level down.
    if (!/^kubelet(\.slice)?$/.test(name)) return [];
    return list(`/${name}`)
      .filter(isKubepods)
      .map((inner) => `/${name}/${inner}`);
  });
  if (tops.length === 0) return undefined;

  const found: ContainerGroup[] = [];
  const visitPods = (folder: string) => {
    for (const name of list(folder)) {
      const path = `${folder}/${name}`;
      const podUID = parsePodGroup(name);
      if (podUID === undefined) {
        if (isClass(name)) visitPods(path);
        continue;
      }
      for (const group of list(path)) {
        const id = parseContainerGroup(group);
        if (id !== undefined && found.length < mostContainers)
          found.push({ id, podUID, path: `${path}/${group}` });
      }
    }
  };
  tops.forEach(visitPods);
  return found;
}

function isKubepods(name: string): boolean {
  return /^([a-z-]+-)?kubepods(\.slice)?$/.test(name);
}

function isClass(name: string): boolean {
  return /^([a-z-]+-)?(burstable|besteffort)(\.slice)?$/.test(name);
}

/** The pod's UID; systemd takes a dash for a level of its tree, so there they are underscores. */
export function parsePodGroup(name: string): string | undefined {
  const uid = /^(?:[a-z-]+-)?pod([0-9A-Za-z_-]{1,64})(?:\.slice)?$/.exec(name)?.[1];
  return uid?.replaceAll("_", "-");
}

/** The container's id, whichever runtime made the group; undefined for its helpers, such as crio-conmon. */
export function parseContainerGroup(name: string): string | undefined {
  return /^(?:(?:cri-containerd|crio|docker|libpod)-)?([0-9a-f]{64})(?:\.scope)?$/.exec(name)?.[1];
}
