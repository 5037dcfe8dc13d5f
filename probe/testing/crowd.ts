import { type Fixture, loadFixture } from "./fixture.ts";

/** A machine of 10,000 processes, 500 interfaces, 2,000 mounts and 1,000 containers. */
export function crowdedMachine(): Fixture {
  const fixture = loadFixture("raspberry-pi-4");
  const { files } = fixture;
  for (let pid = 10_000; pid < 20_000; pid++) {
    files.set(`/proc/${pid}/stat`, files.get("/proc/702/stat")!.replace("702 ", `${pid} `));
    files.set(`/proc/${pid}/status`, files.get("/proc/702/status")!);
  }
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  files.set(
    "/proc/1/net/dev",
    lines(500, (index) => `veth${index}: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0`),
  );
  for (let index = 0; index < 500; index++) files.set(`/sys/class/net/veth${index}/flags`, "0x1003\n");
  files.set(
    "/proc/self/mountinfo",
    lines(2000, (index) => `36 35 8:${index} / /mnt/${index} rw - ext4 /dev/sd${index} rw`),
  );
  for (let index = 0; index < 2000; index++) fixture.sizes.set(`/mnt/${index}`, fixture.sizes.get("/")!);
  const pod = "/sys/fs/cgroup/kubepods.slice/kubepods-pod99999999_2222_3333_4444_555555555555.slice";
  for (let index = 0; index < 1000; index++) {
    const group = `${pod}/cri-containerd-${index.toString(16).padStart(64, "0")}.scope`;
    files.set(`${group}/cpu.stat`, "usage_usec 1\n");
    files.set(`${group}/memory.current`, "4096\n");
  }
  return { ...fixture, later: new Map() };
}
