#include "services/grading/lexicon.h"

#include <algorithm>
#include <array>

namespace huifang::grading {
namespace {

struct Entry {
  Term term;
  // Phrases separated by spaces, in normalised form (half-width, lower case).
  std::u16string_view phrases;
};

constexpr Entry kEntries[] = {
    {Term::kGreeting,
     u"您好 你好 网友 网民 尊敬的 亲爱的 同志 市民 朋友 先生 女士 来信人 "
     u"来电人 当事人 群众 大家好 各位 诉求人 留言人 读者 业主"},
    {Term::kReceived,
     u"收悉 已收到 收到您 收到你 收到了您 收到了你 已经收到 已收阅 已阅 "
     u"已知悉 已获悉 已登记 已记录 已受理 收到该 收到此 已经了解 已了解 "
     u"已知晓"},
    {Term::kMatter,
     u"留言 来信 信件 问题 情况 反映 建议 函件 帖文 网帖 发帖 来帖 咨询 诉求 "
     u"工单 意见 邮件 投诉 举报 来电 提问 事项 事情 问政 信息 此事 来函 该件 "
     u"您的信"},
    {Term::kHandOver,
     u"转交 转至 转给 转办 转到 转送 转呈 转达 转告 转报 转往 批转 移交 "
     u"交由 交办 交给 转发给 转相关 转有关 已交有关 已交相关 并交有关 "
     u"问题交相关 "
     u"问题交有关 "
     u"并交相关 转请 分流至 派发至 派单至 流转至 上报给 反馈给相关 "
     u"反馈给有关 反馈至 转承办 转法官 转业务 转执行 转审判 转立案 转具体 "
     u"报告领导 上报领导 汇报给 反馈给承办"},
    {Term::kHandOverTo,
     u"已转 迅速转 直接转 转教 转市 转县 转区 转l 转您反映 已派单 已派发 已交 "
     u"现转 "
     u"将转"},
    {Term::kTakenOver,
     u"转由我 转我 转至我 转到我 转交我 转交至我 交由我 交我 交办我 转办至我 "
     u"移交我 批转我 移交至我 转交到我 转办我 转给我"},
    {Term::kTask,
     u"处理 办理 调查 核实 核查 核处 处置 研究 答复 反馈 回复 解决 阅处 阅示 "
     u"落实 研处 查处 办复 查办 跟进 协调 督办 了解"},
    {Term::kWait,
     u"耐心等待 请稍候 请等待 敬请关注 请关注 请您关注 继续关注 持续关注 "
     u"敬请留意 请留意 敬请期待 请期待 后续回复 调查处理中 核实处理中 "
     u"正在核实中 正在处理中 正在办理中 正在调查中 正在调查处理 正在核实处理 "
     u"正在调查核实 等待处理 静候 正在积极处理 正在处理之中 正在抓紧处理 "
     u"正在进一步核实 正在进一步调查"},
    {Term::kSoon,
     u"尽快处理 尽快核实 尽快办理 尽快调查 尽快解决 尽快核查 尽快落实"},
    {Term::kFollowUp,
     u"及时反馈 及时回复 及时答复 及时告知 及时向您 尽快回复 尽快答复 "
     u"尽快反馈 尽快给您 尽快与您 尽快为您 会向您反馈 将向您反馈 会对您 稍后 "
     u"再行回复 再回复 再答复 另行答复 另行回复 予以答复 予以回复 给予答复 "
     u"将联系您 会联系您 局联系您 庭联系您 官联系您 人联系您 再联系您 "
     u"将与您联系 "
     u"会与您联系 给您回复 给您答复 作出回复 做出回复 做出答复 作出答复 "
     u"第一时间"},
    {Term::kAsNext,
     u"如下 现就您 现对您 现将有关情况 现将相关情况 现将处理情况 现回复 "
     u"现答复 现作如下 回复: 答复:"},
    {Term::kAboutHead,
     u"关于您 关于你 针对您 针对你 对于您 对于你 您反映 你反映 您所反映 "
     u"你所反映 您咨询 您提出 您所提 就您 您在 关于“ 针对“ 您通过 您的 你的 "
     u"反映“ 反映的“ 现将网友 您对"},
    {Term::kRitual,
     u"高度重视 十分重视 非常重视 立即组织 立即安排 第一时间安排 迅速组织 "
     u"认真研究 立即进行了调查 进行了调查核实 进行了核实 认真核实 "
     u"认真调查核实"},
    {Term::kRefer,
     u"请咨询 请具体咨询 请详细咨询 请您详细咨询 请直接来电 请来电 请拨打 "
     u"请致电 请联系 请与 请您与 请您联系 请您拨打 "
     u"请您咨询 请直接与 请直接拨打 请直接联系 请直接咨询 可咨询 可拨打 "
     u"可致电 可直接咨询 可电话咨询 可直接拨打 建议您咨询 建议咨询 建议拨打 "
     u"建议您拨打 建议致电 请电话咨询 请电询 请来电咨询 欢迎致电 欢迎拨打 "
     u"可以拨打 可以咨询 详询"},
    {Term::kReferTo,
     u"请向 请您向 请你向 请到 请您到 请你到 请前往 请您前往 请直接向 可向 "
     u"可以向 建议向 建议您向 建议你向 建议您与 建议您到 建议到 请直接到 可到 "
     u"可与 可直接与 可直接向 可直接到 "
     u"建议直接向 建议您直接"},
    {Term::kReferAct,
     u"咨询 询问 反映 投诉 反馈 了解 联系 查询 举报 求助 申诉 报案 提出"},
    {Term::kIf,
     u"如有 如您 如果 若您 若有 如仍 如对 如还 如需 如发现 若发现 如遇 若遇 "
     u"一经 如出现 若对 假如 如今后"},
    {Term::kDoubt,
     u"疑问 疑义 不明 不清楚 问题 不满意 异议 需要 帮助 其他 需求 意见"},
    {Term::kThanks, u"感谢 谢谢 致谢 感激 谢您 谢你"},
    {Term::kClosing,
     u"特此回复 特此答复 此复 专此回复 专此答复 特此说明 特此告知 祝您 祝你 "
     u"祝生活 祝工作 顺祝 为您服务 欢迎您 欢迎继续 欢迎监督 欢迎多提 欢迎一如 "
     u"宝贵意见 一如既往 理解与支持 理解和支持 保持电话 保持通讯 敬请谅解 "
     u"请谅解 敬请理解 "
     u"敬请支持 见谅 望您知晓 望知晓 望您理解 请您理解 请知悉 请知晓 望周知 "
     u"再见 顺心 以上是我 以上情况 以上答复"},
    {Term::kUnitEnd,
     u"局 办 委 院 庭 中心 政府 部 处 队 公司 街道 办公室 管委会 委员会 大队 "
     u"支队 办事处 镇 社区 所 站 校 学 会 组 科 厅 集团"},
    {Term::kPromise,
     u"尽快 将及时 将会 将积极 将督促 将适时 适时 择机 将逐步 将联合 将协调 "
     u"将安排 将组织 将予以 争取 力争 待条件成熟 条件成熟 将迅速 将立即 将尽早 "
     u"会尽力 将尽力 将抓紧 将拿出"},
    // Going on as before has no end to name.
    {Term::kOngoing,
     u"将继续 继续 持续 将进一步 进一步 将加大 加大 将加强 加强 今后 一直 常态 "
     u"定期 长期 日常 密切关注"},
    // Somebody else is asked, wished or quoted.
    {Term::kNotOwn,
     u"请您 请你 请尽快 并请 希望 为了 对于 关于 建议您 建议你 欢迎 承诺书 "
     u"一旦 若 如 只要 多次 曾 的建议 的请求 您尽快 你尽快 尽快来 尽快到 "
     u"尽快与 "
     u"尽快向 请业主 请相关 为尽快 要求您"},
    {Term::kDeed,
     u"解决 完成 整改 修复 修缮 维修 安装 办理 处理 施工 启动 开通 落实 实施 "
     u"改造 建设 拆除 清理 核查 调查 查处 整治 动工 开工 推进 完善 纳入 答复 "
     u"回复 联系您 处置 启用 竣工 协调 增设 优化"},
    {Term::kTimed,
     u"月底 年底 月初 年初 年内 日内 天内 周内 月内 小时内 工作日内 个工作日 "
     u"月份 上半年 下半年 季度 本周 下周 本月 下月 今年 明年 明天 后天 月中旬 "
     u"上旬 中旬 下旬 日前 月前 年前 之前完成 分钟 节前 开学 汛期 20 假期 "
     u"当天 当日 年度 月末 期间 以前"},
    {Term::kDone,
     u"已完成 已经完成 已解决 已整改 已修复 已安装 已办理 已处理 已拆除 "
     u"已经解决 已经办理 已办结 已清理 整改到位 已更换 已恢复"},
    {Term::kShirk,
     u"不归我们管 不归我局管 不归本院管 与我局无关 与我们无关 与本院无关 "
     u"与我院无关 无能为力 爱莫能助 没有办法解决 无法解决您 我们也没办法 "
     u"我也没办法 不是我们的事 不是我院的事 请自行解决 自行想办法 自己想办法 "
     u"找别人 找其他部门 管不了 不予理会 没法处理 没法解决 等通知吧 我不清楚 "
     u"我们不清楚 不清楚此事 不了解情况 不知道 不能受理您 无权过问 无权干涉 "
     u"无权处理"},
    {Term::kNotOurs,
     u"不属于 不属 不在 非我 不是我 并非我 不归 无管辖 没有管辖 非本"},
    {Term::kOurs,
     u"职责 职能 管辖 管理范围 权限 业务范围 受理范围 管理权限 主管范围 "
     u"监管范围 工作范围"},
    {Term::kConcrete,
     u"可以 不能 不可 不得 必须 需要 须 应当 应由 不予 不需 无需 不属于 属于 "
     u"经查 经核 经调查 经了解 经咨询 经实地 现场 根据 按照 依据 依照 规定 "
     u"标准 暂无 暂未 尚未 没有 未发现 不存在 已经 已完成 已拆 已安 已处 "
     u"已责令 "
     u"已约谈 已联系 已与 已于 已由 已对 已将 已纳入 已取得 已启动 已开始 "
     u"已列入 已要求 已通知 已到 已安排 约谈 责令 处罚 罚款 携带 凭 办理 即可 "
     u"为准 导致 因为 由于 开庭 判决 裁定 立案 执行 上诉 保全 送达 移交 卷宗 "
     u"鉴定 调解 审理 审限 缴费 材料 证据 起诉 申请"},
    {Term::kDirect,
     u"不涉及 未列入 未纳入 未受理 未审批 不存在 未发现 没有规划 暂无 暂未 "
     u"尚未 "
     u"不符合 符合 不可以 可以 不需要 无需 不能"},
    {Term::kContactNote,
     u"已电话 已致电 已联系 已与 已经电话 已告知 已答复 已回复 已处理 已办结 "
     u"已解决 已沟通 已解释 已说明 表示满意 表示理解 表示认可 表示知晓 知晓 "
     u"沟通解释 与当事人联系 与您联系 联系当事人 情况属实 不属实 正在处理 "
     u"正在办理 正在核实"},
    {Term::kPhoned,
     u"已电话 电话联系 电话告知 电话沟通 电话回复 电话答复 已致电 已联系当事人 "
     u"已与当事人联系 已回电 已与您联系 已与您取得联系 与您取得联系 "
     u"与当事人取得联系 与来电人联系 已联系来电人 电话回访 通过电话"},
};

struct Phrase {
  std::u16string_view text;
  Term term = Term::kGreeting;
};

// Phrases ordered by first character, and for each character where its phrases
// begin; one look-up tells that most characters start none.
class Index {
 public:
  Index() {
    for (const Entry& entry : kEntries) {
      std::u16string_view rest = entry.phrases;
      while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(u' '), rest.size());
        if (space > 0) phrases_.push_back({rest.substr(0, space), entry.term});
        rest.remove_prefix(std::min(space + 1, rest.size()));
      }
    }
    std::stable_sort(
        phrases_.begin(), phrases_.end(),
        [](const Phrase& a, const Phrase& b) { return a.text[0] < b.text[0]; });
    first_.assign(0x10000, 0);
    for (std::size_t i = phrases_.size(); i > 0; --i) {
      first_[phrases_[i - 1].text[0]] = static_cast<std::uint16_t>(i);
    }
  }

  void Find(std::u16string_view text, std::vector<TermMatch>& out) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::uint16_t first = first_[text[at]];
      if (first == 0) continue;
      for (std::size_t i = first - 1U;
           i < phrases_.size() && phrases_[i].text[0] == text[at]; ++i) {
        const Phrase& phrase = phrases_[i];
        if (text.substr(at, phrase.text.size()) == phrase.text) {
          out.push_back({at, static_cast<std::uint16_t>(phrase.text.size()),
                         phrase.term});
        }
      }
    }
  }

 private:
  std::vector<Phrase> phrases_;
  // 1 + the position in `phrases_`; 0 where no phrase starts.
  std::vector<std::uint16_t> first_;
};

}  // namespace

void FindTerms(std::u16string_view text, std::vector<TermMatch>& out) {
  static const Index& index = *new Index();
  out.clear();
  index.Find(text, out);
}

}  // namespace huifang::grading
