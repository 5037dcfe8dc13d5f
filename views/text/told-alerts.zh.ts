/** What alerts say, and what is wrong with rules that were entered. */
const sentences: readonly [RegExp, string][] = [
  [/^(.*) reaches (.*) in about (.*) at (\S+ \S+), now (.*)$/, "$1 约 $3后达到 $2（速率 $4），目前 $5"],
  [/^(.*) rises by (.*), now (.*)$/, "$1 上升 $2，目前 $3"],
  [/^(.*) falls by (.*), now (.*)$/, "$1 下降 $2，目前 $3"],
  [/(?<=约 \d+ )min(?=后达到)/, "分钟"],
  [/(?<=约 \d+ )h(?=后达到)/, "小时"],
  [/(?<=约 \d+ )d(?=后达到)/, "天"],
  [/^no values come of it any more$/, "不再收到它的数值"],
  [/^no values of (.*) come any more$/, "不再收到 $1 的数值"],
  [/^the object is not there any more$/, "该对象不再存在"],
  [/^the certificate expires in (\d+) d, on (.*)$/, "证书将在 $1 天后过期（$2）"],
  [/^the certificate expires in (\d+) h, on (.*)$/, "证书将在 $1 小时后过期（$2）"],
  [/^the certificate expired on (\S+), .*$/, "证书已于 $1 过期"],
  [/^(\d+) events? within (\d+) (min|h), the newest (\S+): /, "$2 $3 内 $1 个事件，最近的是 $4："],
  [/(?<=^\d+ )min(?= 内 \d+ 个事件)/, "分钟"],
  [/(?<=^\d+ )h(?= 内 \d+ 个事件)/, "小时"],
  [/^the time at which it is over has to be the longer one$/, "恢复的时间须较长。"],
  [/^it looks at most ten times as far ahead as back$/, "向前预测的时间最多为回看时间的十倍。"],
  [/^this lies beyond the level$/, "该值已超出目标水平。"],
  [/^of a (?:node|pod|workload|cluster) there is (.*)$/, "可用的指标组：$1。"],
  [/^of (\S+) there is (.*)$/, "$1 可用的指标：$2。"],
  [/^a (?:node|cluster) is in no namespace$/, "节点和集群不属于任何命名空间。"],
  [/^no answer within (\d+) s$/, "$1 秒内没有应答"],
  [/^the connection failed(?=$|: )/, "连接失败"],
  [/^the name (\S+) is not known$/, "无法解析名称 $1"],
  [/ \(a redirect is not followed\)$/, "（不跟随重定向）"],
  [/^the mail was not taken(?=$|: )/, "邮件未被接收"],
  [
    /^this address is never sent to: it is link-local, a metadata service, or no host$/,
    "绝不向该地址发送：它是链路本地地址、元数据服务，或不是主机地址",
  ],
  [/^this address is private: name it in (\w+) to allow it$/, "该地址是私有地址；如需允许，请写入 $1"],
  [/^this is needed$/, "此项必填。"],
  [/^a series has a group and a name$/, "指标须同时填写组和名称。"],
  [/^say which kinds of objects are missed$/, "请填写缺失对象的类型。"],
  [/^say which objects are missed$/, "请填写缺失对象的名称。"],
  [/^objects of this kind come and go$/, "此类对象会不断更替。"],
  [/^an object that is missed has no values$/, "对象本身缺失时不填写数值。"],
];

export function alertsZh(text: string): string {
  return sentences.reduce((said, [pattern, to]) => said.replace(pattern, to), text);
}
