/** What the master says of commands that it does not take (master/control), and what agents say of drains, in Chinese. */
const sentences: readonly [RegExp, string][] = [
  // The master
  [/^there is no such command$/, "没有这条命令。"],
  [/^this needs the role (\S+)$/, "此操作需要角色 $1。"],
  [/^(\S+) there needs the role (\S+)$/, "在那里执行 $1 需要角色 $2。"],
  [
    /^(.+) is a machine without Kubernetes: it takes no commands$/,
    "$1 是没有 Kubernetes 的机器：不接受命令。",
  ],
  [/^the agent of (.+) does not carry out (\S+): (\S+) there says so$/, "$1 的代理不执行 $2（$3）。"],
  [
    /^the agent of (.+) changes nothing in the namespace (\S+): (\S+) there says so$/,
    "$1 的代理不更改命名空间 $2 中的任何内容（$3）。",
  ],
  [
    /^there is another command with the idem \S+: repeat that one, or take a new idem$/,
    "此对话框已提交过其他内容：请重新打开它。",
  ],
  [/^its agent has it already: cancel it, and ask for another$/, "其代理已领取：请取消它，再提交另一条。"],
  [/^it has ended: \S+$/, "它已经结束。"],
  [/^it takes two: .*$/, "需要两个人：须由提交者以外的人批准。"],
  [/^it does not wait for an approval: it is \S+$/, "它不在等待批准。"],
  [/^it has been taken back already$/, "它已被撤销。"],
  [/^it has not ended yet: cancel it, or wait$/, "它尚未结束：请取消它，或等待。"],
  [/^there is nothing that would take this back$/, "没有可以撤销它的操作。"],
  [/^its agent knows a way back that this master does not$/, "其代理知道的撤销方式此 master 不支持。"],
  [/^the cluster's agent did not answer in time$/, "该集群的代理没有及时应答。"],
  [/^the cluster's agent is not connected$/, "该集群的代理没有连接。"],
  [/^Cancelled before an agent had it\.$/, "在代理领取之前已取消。"],
  [/^(.+) rejected it\.$/, "已被 $1 拒绝。"],
  [/^Nobody approved it in time\.$/, "没有人及时批准它。"],
  [
    /^No agent fetched it by its deadline, so it was not carried out\.$/,
    "没有代理在期限之前领取它，因此没有执行。",
  ],
  // Drains and objects of any kind
  [
    /^(\d+) of (\d+) pods are gone; (\d+) wait for a budget: /,
    "$2 个 Pod 中 $1 个已不存在；$3 个在等待干扰预算：",
  ],
  [/^(\d+) of (\d+) pods are gone$/, "$2 个 Pod 中 $1 个已不存在"],
  [
    /^(\S+ \S+) was drained: (\d+) pods? (?:was|were) evicted, and it takes no new ones\.$/,
    "$1 已腾空：已驱逐 $2 个 Pod，且不再接受新的。",
  ],
  [
    /^The drain of (\S+ \S+) ended: (.*)\. The node stays cordoned; (\d+) pods are gone, (\d+) are still there: (.*)\.$/,
    "$1 的腾空已结束：$2。该节点仍不可调度；$3 个 Pod 已不存在，$4 个还在：$5。",
  ],
  [/(?<=已结束：)cancelled(?=。)/, "已取消"],
  [/(?<=已结束：)another command for the node waits(?=。)/, "有另一条针对该节点的命令在等待"],
  [/^is ending$/, "正在终止"],
  [/^waits: /, "在等待："],
  [/^(\S+ \S+) would be (changed|created)\.$/, "$1 将被更改或创建。"],
  [/^(\S+ \S+) was created\.$/, "$1 已创建。"],
  [/^(\S+ \S+) was changed\.(?= |$)/, "$1 已更改。"],
  [
    / What it held before is not kept, so this cannot be taken back\.$/,
    "其先前的内容没有保留，因此无法撤销。",
  ],
  [/^(\S+ \S+) is there already\.$/, "$1 已存在。"],
  [/^(\S+ \S+) is gone\.$/, "$1 已不存在。"],
  [/^There is no (\S+ \S+)\.$/, "没有 $1。"],
  [/^(\S+ \S+) has changed since: look at it again, then apply\.$/, "$1 此后已改变：请重新查看，再应用。"],
  [/^(\S+ \S+) has been deleted or made anew since\.$/, "$1 此后已被删除或重新创建。"],
];

export function controlZh(text: string): string {
  let said = text;
  for (const [pattern, to] of sentences) said = said.replace(pattern, to);
  return said;
}
