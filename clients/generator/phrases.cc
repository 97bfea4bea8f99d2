#include "clients/generator/matters.h"

namespace huifang::generator {
namespace {

constexpr const char* kAcknowledgements[] = {
    "您的诉求已收悉，[我们会认真对待|我院高度重视]，感谢您的来电。",
    "您反映的情况已收到，已登记，请耐心等待。",
    "来电已收悉，[正在处理中|正在核实中]，请您耐心等待，感谢您对法院工作的"
    "支持。",
    "您好，您的留言已收到，我们已经记录，祝您生活愉快。",
};
constexpr const char* kForwards[] = {
    "已转承办法官处理，请耐心等待。",
    "您反映的问题已转{庭名}办理。",
    "已将您的诉求转交{法官}处理，感谢您的来电。",
    "您好，该工单已转相关庭室处理，结果将及时反馈。",
};
constexpr const char* kBriefs[] = {
    "已联系当事人，告知案件正在排期。",
    "已电话告知案件进度，当事人知晓。",
    "案件未到开庭时间，等传票通知。",
    "案件正在审理，等待开庭。",
    "已回电，无其他问题。",
    "已告知当事人等传票。",
};
constexpr const char* kPromises[] = {
    "{法官}已了解您反映的{案号}情况，将尽快[安排开庭|处理]，有结果后"
    "尽快与您联系。",
    "{案号}正在办理，我们将积极协调{对方}，争取早日解决您的问题，请您理解。",
    "您提出的问题我们会尽快研究，{法官}将适时与您沟通{案号}的处理方案。",
};
constexpr const char* kShirkings[] = {
    "该问题不归我们管，请自行解决。",
    "{案号}不是我院的事，我们也没办法，您找其他部门吧。",
    "我不清楚这个情况，无能为力，等通知吧。",
};
constexpr const char* kCopies[] = {
    "案件审理严格依照法律规定进行，开庭时间以传票为准，当事人应当按照举证通知书"
    "载明的期限提交证据，逾期提交的后果由当事人自行承担，审理期限依照民事诉讼法"
    "的规定执行，需要延长的依法报批。",
    "执行案件按照立案先后顺序办理，财产查控通过网络系统进行，未发现可供执行财产"
    "的依法终结本次执行程序，申请人发现财产线索的可以随时申请恢复执行，恢复执行"
    "不受时效限制。",
    "诉讼材料请按照立案指南准备齐全，材料不齐的应当补正，补正后由立案部门依法"
    "审查，符合起诉条件的登记立案，不符合的裁定不予受理，对裁定不服的可以提起"
    "上诉。",
};

constexpr const char* kContentOpenings[] = {
    "您好，",
    "来电人称：",
    "",
    "当事人反映，",
    "你好，我想反映个情况，",
    "来电人自述，",
    "留言：",
    "我姓{姓}，",
    "12368您好，",
};
constexpr const char* kContentClosings[] = {
    "谢谢。",
    "",
    "",
    "请尽快回复，谢谢！",
    "盼复。",
    "麻烦了。",
    "联系电话就是这个号码。",
    "上班时间都可以打给我。",
    "来电人情绪比较激动。",
    "请下班以后打给我。",
};
constexpr const char* kReplyOpenings[] = {
    "{称呼}您好！",
    "{称呼}：您好，您的来电已收悉。",
    "{称呼}您好，我是{庭名}{书记员}，就您反映的问题答复如下：",
    "已于{办日}电话联系{称呼}，答复如下：",
    "{称呼}，您好。经核实：",
    "与{称呼}通话，告知以下内容：",
    "",
};
constexpr const char* kReplyClosings[] = {
    "",
    "如有疑问，请拨打分机{分机}。",
    "{称呼}表示知晓。",
    "感谢您的理解与支持。",
    "当事人表示清楚，无其他问题。",
    "如有新情况可随时来电，案件编号请记好。",
    "以上内容已在通话中说明，{称呼}表示认可。",
};

}  // namespace

absl::Span<const char* const> AcknowledgementReplies() {
  return kAcknowledgements;
}
absl::Span<const char* const> ForwardReplies() { return kForwards; }
absl::Span<const char* const> BriefReplies() { return kBriefs; }
absl::Span<const char* const> PromiseReplies() { return kPromises; }
absl::Span<const char* const> ShirkingReplies() { return kShirkings; }
absl::Span<const char* const> CopiedReplies() { return kCopies; }
absl::Span<const char* const> ContentOpenings() { return kContentOpenings; }
absl::Span<const char* const> ContentClosings() { return kContentClosings; }
absl::Span<const char* const> ReplyOpenings() { return kReplyOpenings; }
absl::Span<const char* const> ReplyClosings() { return kReplyClosings; }

}  // namespace huifang::generator
