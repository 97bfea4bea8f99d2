// The words by which the rules recognise what a clause of a reply does.
#ifndef HUIFANG_SERVICES_GRADING_LEXICON_H_
#define HUIFANG_SERVICES_GRADING_LEXICON_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace huifang::grading {

// What a term tells about its clause.
enum class Term : std::uint8_t {
  kGreeting,     // 您好, 网友
  kReceived,     // 收悉
  kMatter,       // 留言, 反映, 问题: the caller's matter as a thing
  kHandOver,     // 转交: hands the matter to somebody
  kHandOverTo,   // 转…: hands over only with a matter and a task beside it
  kTakenOver,    // 转由我: handed to whoever replies
  kTask,         // 处理, 核实: what the other is to do
  kWait,         // 请耐心等待
  kSoon,         // 尽快处理: nothing but haste
  kFollowUp,     // 及时反馈: a later message is announced
  kAsNext,       // 如下
  kAboutHead,    // 关于您, 针对您
  kRitual,       // 高度重视
  kRefer,        // 请咨询: sends the caller elsewhere
  kReferTo,      // 请向 … (with kReferAct)
  kReferAct,     // 咨询, 反映
  kIf,           // 如有, 如果
  kDoubt,        // 疑问, 问题
  kThanks,       // 感谢
  kClosing,      // 特此回复, 祝您
  kUnitEnd,      // 局, 办公室: ends the signature of an office
  kPromise,      // 将尽快, 下一步
  kOngoing,      // 继续, 加强: goes on without an end
  kNotOwn,       // 请您, 希望, 如: not a promise of the court's own
  kDeed,         // 解决, 整改: what is promised
  kTimed,        // 月底前, 年内: when
  kDone,         // 已完成
  kShirk,        // 不归我们管
  kNotOurs,      // 不属于 … (with kOurs)
  kOurs,         // 职责, 管辖
  kConcrete,     // 经查, 可以, 已责令: a fact, a rule or a deed
  kDirect,       // 不涉及, 暂无: answers the question by itself
  kContactNote,  // 已答复, 已告知: says that it was done, not what
  kPhoned,       // 电话联系: the record says the caller was reached
  kCount,
};

inline constexpr std::size_t kTermCount =
    static_cast<std::size_t>(Term::kCount);

struct TermMatch {
  std::size_t begin = 0;
  std::uint16_t length = 0;
  Term term = Term::kGreeting;
};

// Finds every term in `text`, in order of position; overlaps included. One
// pass; costs nanoseconds a character.
void FindTerms(std::u16string_view text, std::vector<TermMatch>& out);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_LEXICON_H_
