//! The command line's help in Chinese: the same description with its texts replaced.

use clap::{Arg, ArgAction, Command};

/// The layout of a help page.
const PAGE: &str = "{about-with-newline}\n用法:{usage}\n\n{all-args}{after-help}";

/// What a command is for, by the words that lead to it.
const COMMANDS: &[(&str, &str)] = &[
    ("", "在合适的时间、在亚马逊规则之内,向每位买家恰好请求一次评论;本程序在一台机器上运行整个系统。"),
    ("up", "运行店铺;不加其他参数时为演示:模拟的亚马逊,时间跳跃前进。"),
    ("plan", "每个订单的现状、未来几天的安排,以及能对上的合计。"),
    ("explain", "一个订单的经过:为何已请求、未请求或尚未请求。"),
    ("pause", "让一个卖家、一个店铺的邮件或全部停下,两秒内生效。"),
    ("resume", "让一个卖家、一个店铺的邮件或全部继续。"),
    ("mode", "让卖家或店铺只监听(一切可见、不发送),或进入运行模式。"),
    ("connect", "连接一个卖家:应用、授权、角色、站点、密钥、回补;之后处于监听模式。"),
    ("disconnect", "断开一个卖家:不再调用,取消订阅,删除密钥;订单保留。"),
    ("doctor", "检查授权、密钥、角色、报告、处理进度、时钟与店铺邮件:逐项列出并给出处理办法。"),
    ("import", "读取亚马逊报告文件、其电子表格或保存的通知,或自有店铺的订单。无需连接。"),
    ("rules", "查看或设置卖家的规则:天数、时段、排除项、份额、测试组。"),
    ("rules show", "以 TOML 打印现行规则,可编辑后再设置。"),
    ("rules set", "检查规则并以下一版本生效。"),
    ("rules history", "列出历次版本。"),
    ("shop", "添加、查看、修改和移除自有店铺;可以给其客户写信,从不联系亚马逊买家。"),
    ("shop add", "添加一个店铺;处于监听模式:接收订单,不发送任何邮件。"),
    ("shop list", "列出店铺及其状态。"),
    ("shop show", "以 TOML 打印一个店铺,可编辑后再设置。"),
    ("shop set", "修改一个店铺;已计划的邮件会重新安排。"),
    ("shop secret", "更换店铺 Webhook 的密钥。在下次更换之前,旧密钥仍然有效。"),
    ("shop remove", "移除一个店铺及其订单、客户和 Webhook 密钥。"),
    ("mail", "自有店铺客户的邮件:列出、查看正文、试发、放行或跳过。"),
    ("mail list", "列出待发的邮件及合计:计划 = 已发送 + 跳过 + 过期 + 被拒绝 + 不明 + 待发。"),
    ("mail preview", "打印某个订单的邮件正文。不会发送,链接不对任何人生效。"),
    ("mail test", "就虚构的订单向您自己的地址发一封:本机写入 mail 文件夹,AWS 上经 SES 发送。"),
    ("mail release", "放行待人工处理的邮件。"),
    ("mail keys", "随副本一起搬移邮件密钥:其中所有客户和被抑制的地址都依赖于它。"),
    ("mail skip", "不发送某封邮件。"),
    ("domain", "自有店铺发信所用的域名:DNS 现状与应发布的记录。"),
    ("domain check", "为 Amazon SES 检查 SPF、DKIM、DMARC 与自定义 MAIL FROM:逐项说明,并给出应发布的记录。"),
    ("template", "店铺邮件的文本:编写、复核、批准。自己的文本批准之前,使用客户语言的内置文本。"),
    ("template list", "列出所有版本及其所处阶段。"),
    ("template show", "打印一个文本:内置的,或自己的某个版本。"),
    ("template add", "写入新版本:草稿,尚不会发给任何人。"),
    ("template review", "表明您已阅读草稿并对其负责。"),
    ("template approve", "放行已复核的文本。"),
    ("notify", "设置通知对象:紧急事项立即告知,每日发送摘要。"),
    ("notify mail", "用邮件通知;已用邮件通知的同名对象会被修改。"),
    (
        "notify chat",
        "用群聊机器人或自己的程序通知;同名且同类的对象会被修改。地址属于密钥:运行时询问,或取自 RENOWN_NOTIFY_URL。",
    ),
    ("notify list", "列出通知对象,以及最近几周通知过的内容。"),
    ("notify test", "试发一条通知。"),
    ("notify remove", "移除一个通知对象。"),
    ("cases", "列出不满买家与账户需要处理的事项,并记录处理结果。"),
    ("cases list", "列出未结工单,期限最近的在前。"),
    ("cases show", "查看一个工单:买家说了什么、该做什么、做过什么。"),
    ("cases ack", "受理一个工单。"),
    ("cases assign", "把工单分配给某人或某部门。"),
    ("cases resolve", "结案。"),
    ("cases reopen", "重新打开工单。"),
    ("cases figures", "响应速度与挽回比例。"),
    ("health", "亚马逊账户状况:各项指标、目标、走势以及影响它的订单。"),
    ("team", "谁处理工单、何时工作、时限多长。"),
    ("team show", "打印现行设置及所有键。"),
    ("team set", "使一个文件生效。未结工单的期限不变。"),
    ("topics", "显示买家在商品评论中称赞和抱怨什么。"),
    ("experiment", "比较邮件的不同写法:措辞、主题、时段。按哈希抽取订单,样本量事先固定,结果不会自动采用。"),
    ("experiment start", "开始一项测试。同一类邮件同时只能有一项。"),
    ("experiment show", "显示所有测试:进度、比例及其区间;样本满后显示差别。"),
    ("experiment stop", "结束一项测试;所有客户恢复常规邮件。"),
    ("suppress", "不得联系的地址:列出、添加、移除,以及导入和导出名单。"),
    ("suppress list", "列出名单(带密钥的哈希)。"),
    ("suppress add", "添加一个地址。"),
    ("suppress remove", "将一个地址移出名单。"),
    ("suppress import", "导入文件:每行一个地址或哈希,或含 email、address、hash 列的 CSV。"),
    ("suppress export", "将名单写入新文件:哈希、原因、起始时间、备注。"),
    ("simulate", "按另一套规则重新判断全部订单并显示差异,不作任何改动。"),
    ("ask", "在窗口和买家白天时段允许时尽快请求一个订单。"),
    ("never", "永不请求某个订单。原因为固定的中性列表,与买家的感受无关。"),
    ("held", "列出等待人工查看的订单,并放行。"),
    ("held list", "列出这些订单及亚马逊的答复。"),
    ("held release", "重新安排;发送之前会先查询亚马逊是否提供请求入口。"),
    ("unread", "列出无法读取的输入,升级后可重新读取。"),
    ("unread list", "列出:来自哪里、哪里有误、如何处理。"),
    ("unread retry", "重新读取已保留的消息:本版本能读懂的会被接收。"),
    ("export", "写出可由 `renown restore` 读回的完整副本,或写出供 Excel 使用的订单 CSV。"),
    (
        "restore",
        "将副本读回新的或空的数据文件夹,或新部署的 AWS 系统。所有卖家和店铺均为监听模式,密钥须重新连接。",
    ),
    ("erase", "抹除一个卖家的全部内容、一个订单的全部内容,或自有店铺的一位客户。"),
    ("support-bundle", "为协助您的人写一个文本文件:版本、设置、合计和日志,不含名称、订单号和密钥。"),
    ("lint", "按亚马逊政策和法律检查发给买家的文本:位置、规则、原因、改法。"),
    ("classify", "读懂买家写的内容:语言、是否不满、原因、哪些不能等。"),
    ("cost", "按 AWS 价目表计算一个月若干订单和邮件的费用:逐项、合计与免费额度。"),
    ("completions", "打印命令行补全脚本。"),
    ("man", "打印手册页。"),
];

/// What an argument means. With the words of its command where it means another thing there.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("*", "data", "数据文件夹 [默认:renown.toml 中的设置;若 .renown/shop 已有店铺则用它,否则 .renown/demo]"),
    ("*", "aws", "Renown 部署所在的 AWS 区域,用于代替数据文件夹 [默认:renown.toml 中的设置]"),
    ("*", "json", "输出 JSON。"),
    ("*", "lang", "输出语言:en 或 zh [默认:renown.toml 中的设置,否则随环境]"),
    ("*", "zone", "输出所用时区,例如 Asia/Shanghai [默认:renown.toml 中的设置,否则随本机]"),
    ("*", "config", "设置文件 [默认:当前目录下的 renown.toml(若有)]"),
    ("*", "seller", "一个卖家:ID 或别名;只有一个卖家时可省略。"),
    ("*", "order", "订单号,写法与亚马逊一致。"),
    ("*", "yes", "不再询问,直接执行。"),
    ("up", "lasts", "运行多久,如 20d、90m:演示按演示时间,其余按本机时间 [默认:直到无事可做,或被停止]"),
    ("up", "seed", "演示的种子,整数 [默认:1,或文件夹中已有的]"),
    ("up", "verbose", "显示每个订单,而不只是不寻常的事件。"),
    ("up", "plain", "即使在终端上也只逐行输出。"),
    (
        "up",
        "amazon",
        "使用独立运行的模拟器。卖家来自 DIR/sellers.json,即由 {\"seller\", \"alias\", \"app\", \"region\", \"marketplaces\", \"client_secret\", \"refresh_token\", \"live\"} 组成的列表;没有该文件时使用模拟器演示中的卖家。",
    ),
    ("plan", "all", "全部订单,而不只是接下来的。"),
    ("plan", "at", "按另一时刻查看,例如 2026-12-24T12:00:00Z:届时已过期的会显示出来。"),
    ("plan", "seller", "一个卖家:ID 或别名;省略则为全部。"),
    ("plan", "days", "预告未来多少天 [默认:30]"),
    ("pause", "seller", "一个卖家:ID 或别名;省略则为全部。"),
    ("resume", "seller", "一个卖家:ID 或别名;省略则为全部。"),
    ("pause", "shop", "一个自有店铺的邮件。"),
    ("resume", "shop", "一个自有店铺的邮件。"),
    ("pause", "mails", "所有店铺的邮件:整个账户的刹车。"),
    ("resume", "mails", "所有店铺的邮件:整个账户的刹车。"),
    ("mode", "shop", "一个自有店铺,代替卖家:给其客户写信。"),
    ("mode", "mode", "listen(只监听)或 live(运行)。"),
    ("mode", "share", "只请求这一份额(百分比)的订单,按订单号哈希抽取;保存在规则中,直到重新设置。"),
    ("mode", "asins", "只请求这些 ASIN 的订单;all 表示恢复全部。保存在规则中。"),
    ("mode", "take_over", "接管拥有相同订单的未连接卖家:带过来已请求和永不请求的标记,并抹除该卖家。"),
    ("ask", "seller", "多个卖家都有该订单时指定其一:ID 或别名。"),
    ("ask", "yes", "不再询问,送达不足五天也直接执行。"),
    ("connect", "seller", "卖家记号(Merchant Token):卖家平台 → 设置 → 账户信息。"),
    ("connect", "app", "应用的 client id:卖家平台 → 开发应用 → LWA 凭证。"),
    ("connect", "alias", "对该卖家的称呼 [默认:其 ID]"),
    ("connect", "region", "授权所在区域:na、eu 或 fe [默认:逐一尝试]"),
    ("connect", "code", "OAuth 授权得到的 spapi_oauth_code,用来代替 refresh token。"),
    ("connect", "redirect_uri", "取得授权码时使用的回调地址。"),
    ("connect", "queue", "您的 AWS 账户中接收亚马逊通知的队列(ARN)。"),
    ("connect", "another_account", "店铺名称与已连接的卖家相同,但确实是另一个账户。"),
    ("connect", "no_wait", "35 天回补留给 `renown up` 完成。"),
    ("connect", "amazon", "代替亚马逊的其他地址,例如模拟器。"),
    ("doctor", "offline", "不调用亚马逊:只检查本机可见的内容。"),
    ("import", "files", "文件:内容的种类自动识别。"),
    (
        "import",
        "seller",
        "属于哪个卖家:ID 或别名。填写新卖家的 ID(卖家平台“账户信息”中的 Merchant Token),以后连接时即沿用这些订单。",
    ),
    ("import", "reviews", "文件内容为商品评论或买家之声(ASIN、评分、日期、文字),而非订单。"),
    ("import", "marketplace", "评论所在站点,写国家代码,如 DE。"),
    ("import", "shop", "一个自有店铺:文件中是它的订单。"),
    ("import", "mapping", "映射文件(TOML):哪一列是什么。"),
    ("import", "alias", "对该卖家的称呼。"),
    ("rules show", "version", "某个旧版本。"),
    ("rules set", "file", "规则文件。"),
    ("*", "shop", "店铺:其 ID;只有一个店铺时可省略 --shop。"),
    ("shop add", "file", "店铺文件(TOML)。"),
    (
        "shop add",
        "shopify_secret",
        "写 `-`:询问或从输入读取 Shopify 的签名密钥。不加此项时会为自有 Webhook(Standard Webhooks)生成密钥,并仅显示一次。",
    ),
    (
        "shop secret",
        "shopify_secret",
        "写 `-`:询问或从输入读取 Shopify 的签名密钥。不加此项时会为自有 Webhook(Standard Webhooks)生成密钥,并仅显示一次。",
    ),
    ("shop secret", "at_once", "旧密钥立即失效:已被他人知悉时使用。"),
    ("shop set", "file", "店铺文件(TOML)。"),
    ("mail list", "shop", "店铺;省略则为全部。"),
    (
        "mail list",
        "state",
        "只列出某一状态:planned、held、claimed、sent、presumed_sent、unknown、skipped、expired、refused。",
    ),
    ("mail list", "all", "列出全部邮件。"),
    ("mail keys", "save", "写入一个新文件。"),
    ("mail keys", "load", "载入文件中的密钥。"),
    ("*", "kind", "哪种邮件:invitation、reminder-1、reminder-2、survey 或 service。"),
    ("mail preview", "order", "订单:店铺自己的 ID。"),
    ("mail preview", "html", "将 HTML 写入新文件。"),
    ("mail test", "to", "您自己的邮箱地址。"),
    ("mail test", "locale", "客户的语言,例如 de 或 fr-CA [默认:店铺的语言]"),
    ("mail release", "orders", "订单:店铺自己的 ID。"),
    ("mail release", "all", "该店铺所有待人工处理的邮件。"),
    ("mail skip", "order", "订单:店铺自己的 ID。"),
    ("explain", "order", "订单号:亚马逊的写法,或自有店铺的 ID。"),
    ("explain", "shop", "订单所属的自有店铺。"),
    (
        "template show",
        "name",
        "哪种邮件:review-invitation、review-reminder、survey 或 service;或完整名称,例如 survey/de/2。",
    ),
    ("template show", "language", "内置文本的语言:de、en、es、fr、it、ja 或 zh。"),
    ("template add", "file", "文件:`subject:`、`preheader:`、`---`、各段落。"),
    ("template add", "kind", "哪种邮件:review-invitation、review-reminder、survey 或 service。"),
    ("template add", "language", "语言:de、en、es、fr、it、ja 或 zh。"),
    ("template add", "machine", "由机器撰写或翻译。"),
    ("template add", "expires", "从这一天起不再使用,直到新版本获批,例如 2027-01-31:用于引用政策的文本。"),
    ("template review", "name", "版本,例如 review-invitation/de/1。"),
    ("template review", "by", "谁。"),
    ("template approve", "name", "版本,例如 review-invitation/de/1。"),
    ("template approve", "by", "谁。"),
    ("template approve", "for_tests", "仅放行用于测试(`renown experiment`);其他客户照旧。"),
    ("experiment", "shop", "店铺;只有一个时可省略。"),
    ("notify mail", "name", "名称:小写字母、数字和连字符。"),
    ("notify mail", "to", "收件人地址。"),
    ("notify mail", "from", "发件地址,其域名须已在 SES 验证。"),
    ("notify mail", "reads", "通知的语言:en 或 zh;默认与本命令相同。"),
    ("notify mail", "at_zone", "通知的时区,例如 Asia/Shanghai;默认与本命令相同。"),
    ("notify mail", "digest", "每日摘要的发送时刻,0 至 23 点;不写则不发送摘要。"),
    ("notify mail", "digest_only", "只发摘要,不发告警。"),
    ("notify mail", "seller", "只通知与该卖家有关的;可重复。"),
    ("notify mail", "marketplace", "只通知与该站点有关的,写国家代码,如 DE;可重复。"),
    ("notify mail", "department", "只通知给该部门的:service、logistics、quality、listing、account;可重复。"),
    ("notify mail", "owner", "只通知给该负责人的;可重复。"),
    ("notify mail", "at_least", "只通知至少如此紧急的:info、warning、urgent。"),
    ("notify mail", "person", "群内可 @ 的人:姓名=群内 ID;可重复。"),
    ("notify chat", "name", "名称:小写字母、数字和连字符。"),
    (
        "notify chat",
        "by",
        "类型:wecom(企业微信)、dingtalk(钉钉)、feishu(飞书/Lark)、slack、teams、webhook(Standard Webhooks)。",
    ),
    ("notify chat", "signed", "机器人启用了加签(钉钉、飞书):密钥在运行时询问,或取自 RENOWN_NOTIFY_SECRET。"),
    ("notify chat", "reads", "通知的语言:en 或 zh;默认与本命令相同。"),
    ("notify chat", "at_zone", "通知的时区,例如 Asia/Shanghai;默认与本命令相同。"),
    ("notify chat", "digest", "每日摘要的发送时刻,0 至 23 点;不写则不发送摘要。"),
    ("notify chat", "digest_only", "只发摘要,不发告警。"),
    ("notify chat", "seller", "只通知与该卖家有关的;可重复。"),
    ("notify chat", "marketplace", "只通知与该站点有关的,写国家代码,如 DE;可重复。"),
    ("notify chat", "department", "只通知给该部门的:service、logistics、quality、listing、account;可重复。"),
    ("notify chat", "owner", "只通知给该负责人的;可重复。"),
    ("notify chat", "at_least", "只通知至少如此紧急的:info、warning、urgent。"),
    ("notify chat", "person", "群内可 @ 的人:姓名=群内 ID;可重复。"),
    ("cases", "seller", "卖家;只有一个卖家有该工单时可省略。"),
    ("cases list", "all", "包括已结案的。"),
    ("cases list", "department", "某一部门的:service、logistics、quality、listing、account。"),
    ("cases list", "owner", "某一负责人的。"),
    ("cases show", "case", "工单,或订单号。"),
    ("cases ack", "case", "工单,或订单号。"),
    ("cases assign", "case", "工单,或订单号。"),
    ("cases resolve", "case", "工单,或订单号。"),
    ("cases reopen", "case", "工单,或订单号。"),
    ("cases ack", "by", "由谁;默认 operator。"),
    ("cases resolve", "by", "由谁;默认 operator。"),
    ("cases reopen", "by", "由谁;默认 operator。"),
    ("cases assign", "by", "由谁分配;默认 operator。"),
    ("cases assign", "to", "负责人。"),
    ("cases assign", "department", "部门:service、logistics、quality、listing、account。"),
    (
        "cases resolve",
        "outcome",
        "结果:replaced、refunded、removed、turned_neutral、answered、mended、no_reply_needed、lost。",
    ),
    ("cases resolve", "note", "几句说明。"),
    ("health", "seller", "只看一个卖家。"),
    ("team set", "file", "TOML 文件;- 表示标准输入。"),
    ("topics", "asin", "商品;省略则列出近期售出的全部商品,评分最低的在前。"),
    ("topics", "seller", "卖家:ID 或别名;省略则为全部。"),
    ("topics", "marketplace", "站点,写国家代码,如 DE;省略则为全部。"),
    ("notify test", "name", "通知对象。"),
    ("notify remove", "name", "通知对象。"),
    ("experiment start", "file", "文件,TOML。"),
    ("experiment stop", "name", "名称。"),
    ("suppress list", "seller", "某个卖家的店铺:ID 或别名;省略则为全部。"),
    ("suppress add", "seller", "某个卖家的店铺:ID 或别名;省略则对所有人生效。"),
    ("suppress remove", "seller", "某个卖家的店铺:ID 或别名;省略则为全部名单。"),
    ("domain check", "domain", "发件地址中的域名,即 SES 的身份。"),
    ("domain check", "mail_from", "其下的自定义 MAIL FROM 域名。"),
    ("domain check", "selectors", "密钥名称:Easy DKIM 的三个词(逐一给出),或自有密钥的选择器。"),
    ("domain check", "answers", "从文件读取 DNS 应答,不作任何查询。"),
    ("domain check", "server", "要询问的域名服务器,例如 1.1.1.1 [默认:本机所用的]"),
    ("suppress import", "seller", "某个卖家的店铺:ID 或别名;省略则对所有人生效。"),
    ("suppress export", "seller", "某个卖家的店铺:ID 或别名;省略则为整个账户的名单。"),
    ("*", "address", "邮箱地址,或其带密钥的哈希。"),
    (
        "*",
        "reason",
        "原因:bounced、keeps_bouncing、complained、unsubscribed、erased、by_hand 或 on_ses_list [默认:by_hand]",
    ),
    ("suppress add", "note", "简短备注,不含姓名。"),
    ("suppress remove", "because", "若属收件人本人意愿,说明为何不再适用;会被记录。"),
    ("suppress import", "file", "文件。"),
    ("suppress export", "file", "CSV 新文件。"),
    ("erase", "email", "自有店铺的一位客户:地址、姓名、语言和调查留言;此后不再向其发送邮件。"),
    ("simulate", "rules", "另一套规则的文件。"),
    ("simulate", "all", "显示所有结果不同的订单。"),
    (
        "never",
        "reason",
        "原因:own-order(自己人的订单或测试)、legal(法院、主管机关或亚马逊要求)、no-contact(买家要求完全不联系)。",
    ),
    ("held release", "orders", "要放行的订单。"),
    ("held release", "all", "全部暂缓的订单。"),
    ("export", "dir", "副本所在的新文件夹或空文件夹;其中不含密钥。"),
    ("export", "csv", "只写订单:供 Excel 使用的 CSV 新文件。"),
    ("restore", "dir", "由 `renown export` 写出的文件夹。"),
    ("erase", "order", "订单号,写法与亚马逊一致;会保留一个标记,以确保永不再请求。"),
    ("erase", "seller", "卖家(ID 或别名):订单、规则、报告、商品、密钥。"),
    ("support-bundle", "file", "新文件;交给他人之前请先查看。"),
    ("cost", "orders", "一个月的订单数。"),
    ("cost", "mails", "一个月发给自有店铺顾客的邮件数。"),
    ("cost", "currency", "以哪种货币显示,例如 CNY [默认:renown.toml 中的设置,否则 USD]"),
    ("cost", "per_usd", "一美元兑换多少该货币,例如 7.1 [默认:renown.toml 中的设置]"),
    ("lint", "file", "文本文件;- 表示标准输入。"),
    ("lint", "lang", "文本的语言:en、de、fr、es、it、ja 或 zh [默认:自动识别]"),
    ("lint", "answer_in", "回答的语言:en 或 zh [默认:renown.toml 中的设置,否则随环境]"),
    ("lint", "channel", "发往哪里:amazon(亚马逊买家消息,默认)或 shop(自有店铺顾客)"),
    ("lint", "region", "适用哪国法律,例如 DE [默认:无]"),
    ("lint", "whole", "这是一封完整的邮件:须具备法律要求的内容。"),
    ("lint", "machine", "文本由机器撰写,尚未经人审阅。"),
    ("lint", "jsonl", "文件每行一个对象 {id, text, lang?, channel?},逐行回答。"),
    ("lint", "phrases", "改为打印中性用语。"),
    ("classify", "file", "每行一段文本:文件,或 - 表示标准输入(默认)。"),
    ("completions", "shell", "哪种 shell:bash、zsh、fish、powershell、elvish。"),
];

/// What stands below a command's examples.
const AFTER_EXAMPLES: &[(&str, &str)] = &[
    (
        "connect",
        "应用密钥和 refresh token 会在运行时询问,或从环境变量 RENOWN_CLIENT_SECRET 和\nRENOWN_REFRESH_TOKEN 读取;它们从不出现在命令行中。",
    ),
    ("doctor", "发现问题时退出码为 1。"),
    (
        "domain check",
        "Easy DKIM 的词:aws sesv2 get-email-identity --email-identity mail.shop.example --query DkimAttributes.Tokens\n应答文件每行一条记录,可直接使用 dig 的输出,或写成 名称 TXT \"…\";“名称 TXT -”表示没有记录。\n若邮件会被拒收,或尚无法判断,退出码为 1。",
    ),
    ("import", MAPPING),
    ("experiment", EXPERIMENT_FILE),
    ("shop", SHOP_FILE),
    ("shop add", SHOP_FILE),
    (
        "classify",
        "每行是一段文本,或一个对象 {id, text, lang?, stars?, reason?};reason 为亚马逊的退货原因。\n无法读取的行会得到出错说明,此时退出码为 1。位置按字符计数。",
    ),
    (
        "lint",
        "含有不得发送的内容时退出码为 1;没有发现或只有警告时为 0。\n使用 --jsonl 时,有无法读取的行也为 1。位置按字符计数。",
    ),
];

/// Remarks beside the examples.
const REMARKS: &[(&str, &str)] = &[
    ("a demo shop, from its beginning to its end in a minute", "演示店铺,一分钟内从头到尾"),
    ("where every order stands", "每个订单的现状"),
    ("one order's story", "一个订单的经过"),
    ("# edit it, then", "# 编辑后再执行"),
];

/// A mapping with all that can stand in it.
const MAPPING: &str = "映射文件示例:\n  time_zone = \"Europe/Berlin\"\n  consent_source = \"结账页勾选框\"\n  [columns]\n  id = \"Name\"\n  email = \"Email\"\n  fulfilled_at = \"Fulfilled at\"\n  title = \"Lineitem name\"\n  consent = \"Accepts Marketing\"\n可用字段:id、email、number、placed_at、fulfilled_at、delivered_at、cancelled_at、refunded_at、\nupdated_at、name、locale、country、sku、title、total、currency、consent。\n另有:date_format、time_zone、currency、consent = \"yes\"(须写 consent_source)。";

/// A whole file of a shop.
const SHOP_FILE: &str = "店铺文件示例:\n  id = \"tea\"\n  name = \"Teehaus\"\n  from = \"reviews@mail.tea.example\"\n  postal_address = \"Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany\"\n  review_url = \"https://tea.example/review/{order}\"\n  locale = \"de\"\n  country = \"DE\"\n  [mails]\n  invite_after_days = 7";

/// A whole file of a test.
const EXPERIMENT_FILE: &str = "测试文件示例:\n  name = \"subject\"\n  mail = \"invitation\"\n  sample = 400          # 每组邮件数\n  measure = \"clicked\"   # 或 \"opened\"\n  [[arms]]\n  name = \"usual\"\n  texts = [\"review-invitation/de/built-in\"]\n  [[arms]]\n  name = \"short\"\n  texts = [\"review-invitation/de/1\"]   # 用 --for-tests 批准\n  hours = { from = 18, to = 20 }";

/// The same command line, described in Chinese.
pub(super) fn translated(command: Command) -> Command {
    let command = described(command, "");
    command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .global(true)
                .help("显示帮助。")
                .help_heading("选项"),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("显示版本。")
                .help_heading("选项"),
        )
}

fn described(command: Command, path: &str) -> Command {
    let about = COMMANDS.iter().find(|(words, _)| *words == path).map_or("", |(_, text)| *text);
    let example = command
        .get_after_help()
        .map(|help| help.to_string().replace("Examples:", "示例:").replace("Example:", "示例:"))
        .map(|help| REMARKS.iter().fold(help, |help, (en, zh)| help.replace(en, zh)))
        // What follows the examples is a paragraph of its own.
        .map(|help| {
            match (AFTER_EXAMPLES.iter().find(|(words, _)| *words == path), help.split_once("\n\n")) {
                (Some((_, text)), Some((examples, _))) => format!("{examples}\n\n{text}"),
                _ => help,
            }
        });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(about)
        .long_about(None)
        .help_template(PAGE)
        .subcommand_help_heading("命令")
        .disable_help_flag(true)
        .mut_args(|arg| {
            let help = meaning(path, arg.get_id().as_str());
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let takes_value = arg.get_action().takes_values();
            let arg = arg.help(help).long_help(None).help_heading(heading);
            if takes_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
        });
    if let Some(example) = example {
        command = command.after_help(example);
    }
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| described(sub, &below));
    }
    command
}

fn meaning(path: &str, id: &str) -> &'static str {
    let of = |words: &str| ARGUMENTS.iter().find(|(path, name, _)| *path == words && *name == id);
    of(path).or_else(|| of("*")).map_or("", |(_, _, text)| *text)
}
