import { alertsZh } from "./told-alerts.zh.ts";
import { commandZh } from "./told-commands.zh.ts";
import { controlZh } from "./told-control.zh.ts";
import { rulesZh } from "./told-rules.zh.ts";
import { timesZh } from "./told-times.zh.ts";

/**
 * What agents diagnose and what the master finds is stored, searched and served as English sentences; here are
 * theirs in Chinese, by their beginnings and ends. What Kubernetes and containers say themselves stays as it is.
 */
const container = "(?:init container|sidecar|container)";
const names: Record<string, string> = {
  "init container": "Init 容器",
  sidecar: "边车容器",
  container: "容器",
};

const sentences: readonly [RegExp, string][] = [
  [/^(\d+) pods: /, "$1 个 Pod："],
  // Containers
  [/; restarted (\d+) times?, the next try is delayed$/, "；已重启 $1 次，下次重启已推迟"],
  [/; last ended with /, "；上次终止于 "],
  [/; (\d+) restarts$/, "；已重启 $1 次"],
  [/ \(its command could not be executed\)/, "（命令无法执行）"],
  [/ \(its command was not found\)/, "（找不到命令）"],
  [/ \(it aborted itself, SIGABRT\)/, "（自行中止，SIGABRT）"],
  [/ \(it was killed, SIGKILL\)/, "（被杀死，SIGKILL）"],
  [/ \(it crashed, SIGSEGV\)/, "（崩溃，SIGSEGV）"],
  [/ \(it was asked to end, SIGTERM\)/, "（被要求终止，SIGTERM）"],
  ...(
    [
      ["ends again and again", "反复退出"],
      ["was killed because its node ran out of memory", "因节点内存不足被杀死"],
      ["was killed at its memory limit of ([^\\s；]+)", "达到内存限制 $3 被杀死"],
      ["could not be started", "无法启动"],
      ["ended with exit code 0 though it should keep running", "以退出码 0 结束，但它本应持续运行"],
      ["exited with code (\\d+)", "以退出码 $3 退出"],
      ["ended with (\\S+), exit code (\\d+)", "已终止：$3，退出码 $4"],
      ["restarted: ", "已重启："],
      ["cannot pull its image", "无法拉取镜像"],
      ["cannot reach the registry of its image", "无法连接镜像仓库"],
      ["has an image name that is not valid:", "的镜像名称无效："],
      ["cannot be created", "无法创建"],
      ["cannot be started", "无法启动"],
      ["has been set up for minutes \\((\\S+)\\)", "已准备数分钟（$3）"],
      ["runs and is not ready", "在运行，但未就绪"],
      ["is not ready", "未就绪"],
      ["waits: ", "在等待："],
    ] as const
  ).map(([text, to]): [RegExp, string] => [
    new RegExp(`(?<=^(?:\\d+ 个 Pod：)?)(${container}) (\\S+) ${text}`),
    `$1 $2 ${to}`,
  ]),
  [/^(container) (\S+): /, "$1 $2："],
  // Pods and workloads
  [/(?<=未就绪): the probe does not succeed$/, "：探针未成功"],
  [/^the pod runs and its readiness gates are not passed(?:: )?/, "Pod 在运行，但未通过就绪门控："],
  [
    /^its agent has not been heard: what is shown may be old$/,
    "没有收到其代理的消息：所显示的内容可能已过时",
  ],
  [/^no node can take the pod: /, "没有节点能容纳该 Pod："],
  [
    /^the pod is being deleted and its grace period is over: it waits for the finalizers (.*)$/,
    "Pod 正在删除且已过体面终止限期：在等待终结器 $1",
  ],
  [
    /^the pod is being deleted and its grace period is over: node (\S+) has not confirmed that its containers ended$/,
    "Pod 正在删除且已过体面终止限期：节点 $1 尚未确认其容器已终止",
  ],
  [/^the pod failed/, "Pod 失败"],
  [/^still there long after it was to end$/, "早该终止，却仍然存在"],
  [/^no node takes it$/, "没有节点可以容纳它"],
  [/^not started yet$/, "尚未启动"],
  [/^the node does not tell how it is$/, "节点没有上报其状态"],
  [/^(\d+) of (\d+) containers ready: not (.*)$/, "$2 个容器中 $1 个就绪：未就绪的是 $3"],
  [/^(\d+) of (\d+) containers ready$/, "$2 个容器中 $1 个就绪"],
  [
    /^the rollout makes no progress: (\d+) of (\d+) replicas? updated, (\d+) available$/,
    "上线没有进展：$2 个副本中 $1 个已更新，$3 个可用",
  ],
  [
    /^Waiting for deployment "(\S+)" rollout to finish: (\d+) of (\d+) updated replicas are available(…|\.\.\.)$/,
    "等待 Deployment $1 完成上线：$3 个已更新的副本中 $2 个可用",
  ],
  [/^the rollout does not get on$/, "上线没有进展"],
  [/^the rollout is paused$/, "上线已暂停"],
  [/^none of (\d+) replicas? is available$/, "$1 个副本中没有一个可用"],
  [/^(\d+) of (\d+) replicas? (?:is|are) available$/, "$2 个副本中 $1 个可用"],
  [/^pods cannot be created$/, "无法创建 Pod"],
  [/^scaled to none$/, "已缩容到 0"],
  [/^(\d+) of (\d+) ready$/, "$2 个中 $1 个就绪"],
  [/^(\d+) of (\d+) updated$/, "$2 个中 $1 个已更新"],
  [/^the job failed after (\d+) failed pods?/, "Job 在 $1 个 Pod 失败后失败"],
  [/^the job failed/, "Job 失败"],
  [/^(\d+) of its pods failed, (\d+) retries are allowed$/, "其 $1 个 Pod 失败，允许重试 $2 次"],
  [/^it is suspended$/, "已挂起"],
  [/^no new jobs are started$/, "不再启动新的 Job"],
  [/^its last run did not succeed$/, "上次运行没有成功"],
  [/^more replicas are needed than the autoscaler's maximum of (\d+)$/, "所需副本超过自动扩缩器的最大值 $1"],
  [/^at its maximum$/, "已达最大值"],
  // Nodes
  [/^the probe on node (\S+) sends no metrics any more$/, "节点 $1 上的探针不再发送指标"],
  [/^the node is not ready/, "节点未就绪"],
  [/^the node is silent: its kubelet reports nothing any more/, "节点失联：其 kubelet 不再上报"],
  [/^the kubelet is not ready$/, "kubelet 未就绪"],
  [/^the kubelet does not report$/, "kubelet 没有上报"],
  [/^the node is short of memory/, "节点内存不足"],
  [/^the node is short of disk space/, "节点磁盘空间不足"],
  [/^the node is short of process ids/, "节点进程号不足"],
  [/^the node's network is not set up/, "节点网络尚未配置"],
  [/^no new pods are placed here$/, "不再向此节点调度新的 Pod"],
  [/^(\/\S*) is (\d+%) full$/, "$1 已用 $2"],
  // Services, storage, namespaces
  [
    /^the service leads nowhere: no running pod matches (.*)$/,
    "该服务后面没有端点：没有运行中的 Pod 匹配 $1",
  ],
  [/^the service leads nowhere: none of its (\d+) endpoints? is ready$/, "该服务不可用：$1 个端点无一就绪"],
  [/^no pod stands behind it$/, "它后面没有 Pod"],
  [/^none of its (\d+) endpoints is ready$/, "$1 个端点无一就绪"],
  [/^it has neither a selector nor endpoints$/, "它既没有选择算符，也没有端点"],
  [/^no load balancer has been assigned$/, "尚未分配负载均衡器"],
  [/^(\d+) of (\d+) endpoints are not ready$/, "$2 个端点中 $1 个未就绪"],
  [/^the volume (\S+) that the claim is bound to does not exist any more$/, "申领所绑定的卷 $1 已不存在"],
  [/^the claim \((.*)\) has no volume; its storage class is (\S+)$/, "申领（$1）没有卷；其存储类为 $2"],
  [/^the claim \((.*)\) has no volume and names no storage class$/, "申领（$1）没有卷，也没有指定存储类"],
  [/^its volume is gone$/, "其卷已消失"],
  [/^no volume is bound(?: \(storage class (\S+)\))?$/, "没有绑定卷"],
  [/^it is being deleted$/, "正在删除"],
  // What changed just before
  [/^image changed to (\S+) /, "镜像改为 $1，"],
  [/^revision (\S+) rolled out /, "修订版本 $1 上线，"],
  [/^resources of (\S+) changed /, "$1 的资源改变，"],
  [/^template changed /, "模板改变，"],
  [/^ConfigMap (\S+) changed /, "ConfigMap $1 改变，"],
  [/^node (\S+) rebooted /, "节点 $1 重启，"],
  [/，(\d+[sm]) before$/, "，在 $1 之前"],
  [/，just before$/, "，就在此前"],
  // Alerts
  [/^a channel has a name$/, "通知渠道须有名称。"],
  [/^an hour is from 0 to 23$/, "时刻须为 0 到 23。"],
  [
    /^this channel would be sent nothing: neither each alert nor a digest$/,
    "此渠道不会收到任何内容：既不发送每个告警，也不发送摘要。",
  ],
  [/^a topic's id is a number$/, "话题 ID 须为数字。"],
  [/^digests go by mail only$/, "摘要只能通过邮件发送。"],
  [
    /^this is no JSON when it is filled in; values that are texts stand in quotes$/,
    "填入值后不是 JSON；文本值须放在引号内。",
  ],
  [/^a duration is written as 30s, 5m, 1h or 2d$/, "时长的写法为 30s、5m、1h 或 2d。"],
  [/^matchers are written as name="value": (.*) is not$/, '匹配器的写法为 name="value"：$1 不是。'],
  [/^at most (\d+) matchers$/, "最多 $1 个匹配器。"],
  [/^the regular expression (.*) is not taken: (.*)$/s, "不接受正则表达式 $1：$2"],
  [/^a number is needed$/, "须填写数字。"],
  [/^a whole number is needed$/, "须填写整数。"],
  [/^a silence ends after it begins, and within a year$/, "静默须在开始之后结束，且不超过一年。"],
  [
    /^a silence has a matcher, or holds in one cluster or namespace$/,
    "静默须有匹配器，或限于一个集群或命名空间。",
  ],
  [/^labels are written as name=value$/, "标签的写法为 name=value。"],
  [/^the label (\S+) is set by AtlHyper itself$/, "标签 $1 由 AtlHyper 设置。"],
  [/^the level at which it is over has to lie below the other$/, "恢复阈值须低于触发阈值。"],
  [/^the level at which it is over has to lie above the other$/, "恢复阈值须高于触发阈值。"],
  [/^say for how long$/, "请填写时长。"],
  [/^say why$/, "请填写原因。"],
  [/^these are no mail addresses$/, "邮件地址不正确。"],
  [/^this alert does not fire$/, "该告警未在触发。"],
  [/^this silence is over$/, "该静默已结束。"],
  [/^the address is another one: enter (\S+) again$/, "地址已改变：请重新填写 $1。"],
  [/^this is no address such as https:\/\/example\.com\/hook$/, "地址的写法例如 https://example.com/hook。"],
  [/^only addresses of http and https are sent to$/, "只支持 http 和 https 地址。"],
  [/^control characters are not taken$/, "不可含有控制字符。"],
  [/^there is no such (alert|channel|rule|silence)$/, "没有这样的对象。"],
  // Faults of forms
  [/^the password needs at least (\d+) characters$/, "密码至少需要 $1 个字符。"],
  [/^the password is one character over and over$/, "密码不能只是同一个字符的重复。"],
  [/^the password is the user's name$/, "密码不能是用户名。"],
  [
    /^the password is on a list of those that got out somewhere: choose another$/,
    "该密码在已泄露密码的名单上：请换一个。",
  ],
  [/^a second factor is required here: it stays on$/, "这里要求双重验证：不能关闭。"],
  [
    /^your own second factor is switched off with your password and a code of it$/,
    "停用您自己的双重验证需要密码和验证码。",
  ],
  [/^your own password is changed with the one that you have now$/, "更改您自己的密码需要当前密码。"],
  [/^set a second factor up first: it is required here$/, "这里要求双重验证：请先设置。"],
  [/^there is no user of that name$/, "没有这个名字的用户。"],
  [/^there is no such (user|tenant|grant|role|place)$/, "没有这样的对象。"],
  [/^there is a tenant named (.+) already$/, "已有名为 $1 的租户。"],
  [/^a tenant's name has 1 to 100 characters, .*$/, "租户名称须为 1 到 100 个字符，不含 @ ; = 和控制字符。"],
  [/^the default tenant stays: rename it, if its name is wrong$/, "默认租户不能移除：名称不对可以重命名。"],
  [/^it owns clusters: move or remove them first$/, "它拥有集群：请先移动或移除这些集群。"],
  [
    /^you can give and take only roles where you are an administrator yourself$/,
    "只能授予和收回您自己是管理员的范围内的角色。",
  ],
  [
    /^a token of yours can never more than you: choose a role and a place that you have$/,
    "您的令牌权限不能超过您本人：请选择您拥有的角色和范围。",
  ],
  [
    /^(\S+) is no name of a namespace: lower case letters, digits and -$/,
    "$1 不是命名空间名称：须为小写字母、数字和 -。",
  ],
  [/^a role is narrowed to at most 100 namespaces$/, "一个角色最多限定 100 个命名空间。"],
  [
    /^the groups at the provider give this role: change them there$/,
    "该角色由登录提供方的组给予：请在那里更改。",
  ],
  [
    /^this is the only administrator: make somebody else one first$/,
    "这是唯一的管理员：请先让另一人成为管理员。",
  ],
  [/^the password has at most (\d+) characters$/, "密码最多 $1 个字符。"],
  [
    /^.* name has (\d+) to (\d+) characters and no control characters$/,
    "名称须为 $1 到 $2 个字符，且不含控制字符。",
  ],
  [/^there is a user named (.*) already$/, "已有名为 $1 的用户。"],
  [/^there is a cluster named (.*) already$/, "已有名为 $1 的集群。"],
  [
    /^this is the only administrator: make somebody else one first$/,
    "这是唯一的管理员：请先将他人设为管理员。",
  ],
  [/^the password was set already: sign in with it$/, "密码已设置过：请用它登录。"],
  [/^this needs the role (\S+)$/, "此操作需要角色 $1。"],
  [/^this form was sent from another site$/, "此表单来自其他站点。"],
  [/^this form is from an earlier session: load the page again$/, "此表单来自先前的会话：请重新加载页面。"],
];

export function toldZh(text: string): string {
  let said = text;
  for (const [pattern, to] of sentences) said = said.replace(pattern, to);
  said = commandZh(controlZh(timesZh(rulesZh(alertsZh(said)))));
  if (said === text) return text;
  return said.replace(
    /^(\d+ 个 Pod：)?(init container|sidecar|container) /,
    (_, before: string | undefined, name: string) => `${before ?? ""}${names[name]!} `,
  );
}
