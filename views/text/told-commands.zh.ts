/**
 * What agents say of commands (agent/operate, agent/control), in Chinese. A sentence is what was done, and after a
 * colon what came of it; the parts are told one by one, in this order. What Kubernetes itself says stays as it is.
 */
const object = "^([A-Z][A-Za-z0-9]+ \\S+)";
const images = "\\S+ \\(\\S+\\)(?:, \\S+ \\(\\S+\\))*";
/** `$1` is the object. */
const about = (rest: string, to: string): [RegExp, string] => [new RegExp(`${object} ${rest}`), `$1 ${to}`];
/** What came of it, after the colon that `about` has made. */
const seen = (text: string, to: string): [RegExp, string] => [new RegExp(`(?<=^|：|；)${text}`), to];

const sentences: readonly [RegExp, string][] = [
  // What was done
  about("was deleted, for (\\S+ \\S+) to make a new one", "已删除，由 $2 重新创建"),
  about("was deleted at once, without waiting for its node", "已立即删除，未等待其节点确认"),
  about("was deleted(?=[.:,])", "已删除"),
  [/(?<=已删除|节点确认), and (\S+ \S+) makes a new one/, "，$1 会重新创建一个"],
  about("was evicted(?=[.:,])", "已驱逐"),
  about("was not evicted: ", "未能驱逐："),
  about("was restarted(?=[.:,])", "已重启"),
  about("was scaled from (\\d+) to (\\d+) replicas", "的副本数已从 $2 调整为 $3"),
  about("was scaled to (\\d+) replicas", "的副本数已调整为 $2"),
  about(`was given (${images}) in place of (${images})`, "的镜像已从 $3 改为 $2"),
  about(`was given (${images})`, "的镜像已改为 $2"),
  about("went back to revision (\\d+)", "已回滚到修订版本 $2"),
  about("would go from revision (\\d+) to revision (\\d+)\\.$", "将从修订版本 $2 回滚到修订版本 $3。"),
  [/^The rollout of (\S+ \S+) was paused(?=[.:,])/, "$1 的上线已暂停"],
  [/^The rollout of (\S+ \S+) was resumed(?=[.:,])/, "$1 的上线已恢复"],
  about("was cordoned: no new pods come to it\\.$", "已标记为不可调度：不再有新的 Pod 调度到它上面。"),
  about("was uncordoned: new pods may come to it again\\.$", "已恢复调度：新的 Pod 可以再调度到它上面。"),
  about("was suspended: it starts no further jobs\\.$", "已挂起：不再启动新的 Job。"),
  about(
    "is no longer suspended: it starts jobs by its schedule again\\.$",
    "已取消挂起：重新按其调度启动 Job。",
  ),
  about("was created from (\\S+ \\S+?)(?=[.:,])", "已由 $2 创建"),
  // What came of it
  [
    /\. Another command for it waits, so it was not watched further: /,
    "。有另一条针对它的命令在等待，因此不再继续观察：",
  ],
  [
    /\. Another command for it waits, so it was not watched further\.$/,
    "。有另一条针对它的命令在等待，因此不再继续观察。",
  ],
  [/, but it did not come true in time\.$/, "，但未在限定时间内达成。"],
  [/, but it did not come true: /, "，但未达成："],
  [/(?<=^(?:[A-Z]\w+ \S+ )(?:的|已)[^：]*?): /, "："],
  seen("it is gone", "它已不存在"),
  seen("it is ending", "它正在终止"),
  seen("(\\S+) is ending", "$1 正在终止"),
  seen("(\\S+(?:, \\S+)*) is ready", "$1 已就绪"),
  seen("waiting for a new pod", "正在等待新的 Pod"),
  seen("waiting for (?=\\S+ \\()", "正在等待 "),
  [/^Waiting for a budget: /, "正在等待干扰预算："],
  [
    /The disruption budget (\S+) needs (\d+) healthy pods and has (\d+) currently/,
    "干扰预算 $1 需要 $2 个健康的 Pod，目前有 $3 个",
  ],
  [/\. Another command for it waits\.$/, "。有另一条针对它的命令在等待。"],
  seen("(\\d+) of (\\d+) replicas are ready", "$2 个副本中 $1 个已就绪"),
  [/(?<=已就绪), (\d+) still to end/, "，还有 $1 个待终止"],
  seen("somebody has set it to (\\d+) replicas", "有人已将其副本数设为 $1"),
  seen('(deployment|daemon set) "(\\S+)" successfully rolled out', "$2 上线完成"),
  seen('deployment "(\\S+)" exceeded its progress deadline', "$1 已超过其进度期限"),
  seen(
    "statefulset rolling update complete (\\d+) pods at revision (\\S+?)(?=[.…]|$)",
    "$1 个 Pod 已更新到修订版本 $2",
  ),
  seen("it has been deleted", "它已被删除"),
  seen("it has completed", "它已完成"),
  seen("it has failed: ", "它已失败："),
  seen("it runs", "它正在运行"),
  seen("it is suspended", "它已挂起"),
  seen("its pod is starting", "其 Pod 正在启动"),
  seen("it has no pod yet", "尚无 Pod"),
  [/(?<=启动|尚无 Pod), (\d+) pods have failed/, "，已有 $1 个 Pod 失败"],
  seen("what came of it cannot be watched: ", "无法观察其结果："),
  [/(^|：|; )it was too late to cancel/, "$1取消为时已晚"],
  [/\. Changes of its template wait until it is resumed\.$/, "。其模板的更改将等到恢复后生效。"],
  [/\. Its next job runs with it\.$/, "。其下一个 Job 将使用它。"],
  [
    /\. Its rollout is paused, so pods are replaced when it is resumed\.$/,
    "。其上线已暂停，Pod 将在恢复后替换。",
  ],
  [
    /\. HorizontalPodAutoscaler (\S+) scales it too, and may change it again\.$/,
    "。HorizontalPodAutoscaler $1 也会调整它，可能再次更改。",
  ],
  // Nothing was to do, or it could not be done
  about("has (\\d+) replicas already(?=\\.)", "已经是 $2 个副本"),
  about(`has (${images}) already\\.$`, "已经使用 $2。"),
  about("has the template of revision (\\d+) already\\.$", "已经是修订版本 $2 的模板。"),
  about("is cordoned already\\.$", "已经不可调度。"),
  about("is uncordoned already\\.$", "已经可以调度。"),
  about("is paused already\\.$", "已经暂停。"),
  about("is not paused already\\.$", "没有暂停。"),
  about("is suspended already\\.$", "已经挂起。"),
  about("is no longer suspended already\\.$", "没有挂起。"),
  about("is paused: resume its rollout first, then (?:restart|undo) it\\.$", "已暂停：请先恢复其上线。"),
  about("is scaled by its (\\S+ \\S+): scale that\\.$", "由其 $2 控制副本数：请调整后者。"),
  about(
    "has no controller that would make it again: delete it and create it anew from its manifest\\.$",
    "没有会重新创建它的控制器：请删除它，再用其清单重新创建。",
  ),
  about(
    "is a static pod: the kubelet of (\\S+) runs it from a file there, and deleting it here restarts nothing\\.$",
    "是静态 Pod：由 $2 的 kubelet 按那里的文件运行，在此删除不会重启任何东西。",
  ),
  about("has finished \\((\\S+)\\): there is nothing to restart\\.", "已结束（$2）：没有可重启的。"),
  [/ To run its job again, retry the job\.$/, "要再次运行其 Job，请重试该 Job。"],
  about("has completed: there is nothing to run again\\.$", "已完成：没有需要重新运行的。"),
  about("has not failed: it is still tried\\.$", "没有失败：仍在尝试。"),
  about("has no earlier revision to go back to\\.$", "没有可以回滚的更早修订版本。"),
  about("has no revision (\\d+): those that are kept are (.*)\\.$", "没有修订版本 $2：保留的有 $3。"),
  about("has no container (\\S+): it has (.*)\\.$", "没有容器 $2：它有 $3。"),
  about(
    "has the containers (.*): name the one that gets the image, or ask for all\\.$",
    "有容器 $2：请指明要更换镜像的容器，或选择全部。",
  ),
  about("has been deleted and made anew since\\.$", "此后已被删除并重新创建。"),
  about("has been replaced by another of its name since\\.$", "此后已被同名的另一个取代。"),
  about(
    "has changed since: its (\\S+) (?:is|are) (.*) now, not (.*) as that command left it\\.$",
    "此后已改变：其 $2 现在是 $3，而不是该命令留下的 $4。",
  ),
  about(
    "is under more than one PodDisruptionBudget, and so Kubernetes does not evict it\\.$",
    "受多个 PodDisruptionBudget 约束，Kubernetes 不会驱逐它。",
  ),
  [
    /^An earlier attempt may have created (\S+ \S+), which is not there any more: it is not created twice\.$/,
    "先前的尝试可能已创建 $1，而它已不存在：不会重复创建。",
  ],
  // The agent itself
  [/^Cancelled\.$/, "已取消。"],
  [/^Cancelled before it was started\./, "在开始之前已取消。"],
  [/(?<=。) What an earlier agent began stays\.$/, "先前代理已做的部分会保留。"],
  [/^It was not started by its deadline\.$/, "未在期限之前开始。"],
  [/^This agent does not know (\S+)\.$/, "此代理不支持 $1。"],
  [/^Trying again: /, "正在重试："],
  [/^The agent of this cluster does not take (\S+) \((\S+)\)\.$/, "此集群的代理不接受 $1（$2）。"],
  [/^The agent of this cluster opens no terminals \((\S+)\)\.$/, "此集群的代理不打开终端（$1）。"],
  [
    /^The agent of this cluster changes nothing in namespace (\S+) \((\S+)\)\.$/,
    "此集群的代理不更改命名空间 $1 中的任何内容（$2）。",
  ],
  [
    /^The agent may not (\S+) (\S+): its role in the cluster does not allow it \(see (\S+)\)\.$/,
    "代理无权对 $2 执行 $1：其在集群中的角色不允许（参见 $3）。",
  ],
  [
    /^The agent may not (\S+) (\S+) in namespace (\S+): its role in the cluster does not allow it \(see (\S+)\)\.$/,
    "代理无权对命名空间 $3 中的 $2 执行 $1：其在集群中的角色不允许（参见 $4）。",
  ],
];

export function commandZh(text: string): string {
  let said = text;
  for (const [pattern, to] of sentences) said = said.replace(pattern, to);
  return said === text ? text : said.replace(/\.$/, "。");
}
