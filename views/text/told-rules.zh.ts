/** What is wrong with rules as YAML. */
const sentences: readonly [RegExp, string][] = [
  [/^anchors and aliases are not taken: write it out$/, "不接受锚点和别名：请完整写出。"],
  [/^has to be one of (.*?), and is (".*")$/, "应为 $1 之一，现为 $2。"],
  [/^has to be one of (.*)$/, "应为 $1 之一。"],
  [/^has to be (\S+), and is (".*")$/, "应为 $1，现为 $2。"],
  [/^an object is needed, with a type: one of (.*)$/, "需要带 type 的对象：$1 之一。"],
  [/^an object is needed, with (.*)$/, "需要对象，可含 $1。"],
  [/^true or false is needed$/, "应为 true 或 false。"],
  [/^is missing$/, "缺失。"],
  [/^there is no (".*") here: it may be (\S+)$/, "此处没有 $1：可能是 $2。"],
  [/^there is no (".*") here: there are (.*)$/, "此处没有 $1：可用的有 $2。"],
  [/^pairs of a name and a value are needed: (.*)$/, "需要名称与值的配对：$1"],
  [
    /^a label's name begins with a letter or _ and goes on with these, digits, \. \/ and -$/,
    "标签名以字母或 _ 开头，其后可为字母、数字、_、.、/ 和 -。",
  ],
  [/^a list is needed: (.*)$/, "需要列表：$1"],
  [/^has at most (\d+) items$/, "最多 $1 项。"],
  [/^has at most (\d+) characters$/, "最多 $1 个字符。"],
  [/^has to be at least (\S+)$/, "不得小于 $1。"],
  [/^has to be at most (\S+)$/, "不得大于 $1。"],
  [/^a number is needed, such as 0\.9, 90% or 512Mi$/, "应为数字，例如 0.9、90% 或 512Mi。"],
  [/^a whole number is needed$/, "应为整数。"],
  [/^a text is needed$/, "应为文本。"],
  [/^must not be empty$/, "不得为空。"],
  [/^has characters that are not taken here$/, "含有此处不接受的字符。"],
  [
    /^an id has letters, digits, \. _ and -, begins with a letter or digit, and is not preview, import or files$/,
    "id 由字母、数字、.、_ 和 - 组成，以字母或数字开头，且不能是 preview、import 或 files。",
  ],
  [/^a file has at most (\d+) rules$/, "一个文件最多 $1 条规则。"],
  [/^all files together have at most (\d+) rules$/, "所有文件合计最多 $1 条规则。"],
  [/^there are more than (\d+) files$/, "文件多于 $1 个。"],
  [/^the file is larger than (\d+) KiB$/, "文件大于 $1 KiB。"],
  [/^the rule in line (\d+) has this id, too$/, "第 $1 行的规则也使用此 id。"],
  [/^a rule in (.*) has this id, too$/, "$1 中的规则也使用此 id。"],
  [
    /^a rule that was made in the page for another tenant has this id$/,
    "另一租户在页面中创建的规则已使用此 id。",
  ],
  [/^there is no tenant named (.*)$/, "没有名为 $1 的租户。"],
  [/^this id is taken: choose another$/, "此 id 已被使用：请另选一个。"],
  [/^a rule stays whose it is: take another id$/, "规则的归属不能改变：请使用另一个 id。"],
  [/^this needs the role admin there$/, "此处需要 admin 角色。"],
  [
    /^these rules have changed since: look at the difference again$/,
    "这些规则在此期间有变化：请重新查看改动。",
  ],
  [/^rules are at most (\d+) KiB$/, "规则最多 $1 KiB。"],
  [/^there is no such file or folder$/, "没有此文件或文件夹。"],
  [/^it may not be read$/, "没有读取权限。"],
  [/^it cannot be read \((\w+)\)$/, "无法读取（$1）。"],
  [/^a list of rules is needed: each begins with - id: NAME$/, "需要规则的列表：每条以 - id: NAME 开头。"],
  [/^one file has one list: take the --- out$/, "一个文件只有一个列表：请去掉 ---。"],
  [/^directives of YAML are not taken$/, "不接受 YAML 指令。"],
  [/^YAML is indented by spaces, and this is a tab$/, "YAML 以空格缩进，而此处是制表符。"],
  [/^this key is there twice$/, "此键出现了两次。"],
  [/^a name and its value are written as name: value$/, "名称和值的写法为 name: value。"],
  [
    /^a text with a colon needs quotes around it, and names that belong together begin in the same column$/,
    "含冒号的文本需要加引号，同一层的名称须从同一列开始。",
  ],
  [
    /^this does not fit what stands before it: a text with braces or a colon needs quotes around it$/,
    "与前文不符：含花括号或冒号的文本需要加引号。",
  ],
  [
    /^this does not fit what stands before it: mind the colons, and indent by spaces$/,
    "与前文不符：请检查冒号，并以空格缩进。",
  ],
  [
    /^this rule is in the file (.*): it is (?:changed|removed) there$/,
    "此规则在文件 $1 中：请在该文件中修改。",
  ],
];

export function rulesZh(text: string): string {
  const found = sentences.find(([pattern]) => pattern.test(text));
  return found ? text.replace(found[0], found[1]) : text;
}
