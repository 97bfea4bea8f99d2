#include "services/grading/inspection_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace huifang::grading {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kTitle[] = "询问诉讼费退费进度";
constexpr char kContent[] =
    "我的案件上个月已经判决生效，判决书写明退还我预交的诉讼费，但是到现在一直"
    "没有收到退费，多次联系承办法官电话无人接听，请问什么时候能够退费，需要我"
    "提交什么材料？";
constexpr char kGoodReply[] =
    "您好，经查，您的案件判决已于5月6日生效，诉讼费退费审批已完成，预计5月20日"
    "前退至您提供的银行账户。请携带身份证、预交票据原件到诉讼服务大厅3号窗口"
    "核对账户信息。承办法官助理已于今日电话向您说明。";

class InspectionRules : public ::testing::Test {
 protected:
  // A court's usual texts, so that the model knows what is common.
  void SetUp() override {
    for (const char* matter :
         {"立案材料补正", "开庭时间变更", "判决书领取", "上诉状提交",
          "保全费交纳",   "阅卷预约",     "执行款发放", "车辆查封",
          "失信名单移除", "鉴定机构选择", "证人出庭",   "管辖权异议",
          "网上立案审核", "调解协议确认", "律师调查令", "案件承办法官联系方式",
          "二审卷宗移送", "公告送达",     "财产分割",   "抚养费强制执行",
          "劳动争议起诉", "物业合同纠纷", "停车位租赁", "遗产继承公证"}) {
      const std::string title = std::string("咨询") + matter;
      const std::string content =
          std::string("您好，请问") + matter + "如何办理，需要我提交什么材料？";
      const std::string reply =
          std::string("您好，您的来信已收悉，现将有关情况回复如下：经查，") +
          matter + "请携带身份证到诉讼服务大厅办理，感谢您对我们工作的支持。";
      model_.Learn({NormalizedText(title), NormalizedText(content),
                    NormalizedText(reply)},
                   scratch_);
    }
  }
  std::vector<std::string> RulesOf(const std::string& reply) {
    reply_ = reply;
    facts_.title = kTitle;
    facts_.content = kContent;
    facts_.reply = reply_;
    result_ = InspectTicket(facts_, model_, scratch_);
    std::vector<std::string> ids;
    for (const RuleFinding& finding : result_.findings) {
      ids.emplace_back(finding.rule->id);
    }
    return ids;
  }
  const Quote& FirstQuote() const {
    return result_.findings.at(0).quotes.at(0);
  }
  // The quoted words stand in the reply where the quote says.
  void ExpectQuoteStandsInReply() const {
    const Quote& quote = FirstQuote();
    EXPECT_EQ(reply_.substr(static_cast<std::size_t>(quote.byte_offset),
                            static_cast<std::size_t>(quote.byte_length)),
              quote.text);
  }

  std::string reply_;
  TicketFacts facts_;
  RelevanceModel model_;
  RelevanceModel::Scratch scratch_;
  RuleResult result_;
};

TEST_F(InspectionRules, AGoodReplyIsLeftAlone) {
  EXPECT_THAT(RulesOf(kGoodReply), IsEmpty());
}

TEST_F(InspectionRules, ReceiptIsNoAnswer) {
  for (const char* reply :
       {"已收悉", "收到，谢谢", "谢谢您的建议，我们将认真研究。",
        "网友：您好！留言已收悉", "您的来信收悉，感谢您的支持！",
        "您好，您反映的问题已收悉，我们将尽快回复，请耐心等待。2023年5月6日",
        "您的工单已收到，承办法官会尽快与您联系。"}) {
    EXPECT_THAT(RulesOf(reply), ElementsAre("acknowledgement_only")) << reply;
    ExpectQuoteStandsInReply();
  }
  RulesOf("网友：您好！留言已收悉");
  EXPECT_EQ(FirstQuote().text, "留言已收悉");
}

TEST_F(InspectionRules, ForwardingIsNoAnswer) {
  for (const char* reply :
       {"已转", "已转承办法官", "您反映的问题已转交执行局处理。",
        "您好，来信收悉，已转承办法官处理，请耐心等待。",
        "您的诉求我院已转办至民二庭核实，谢谢。",
        "已转至执行局，由执行局联系您。",
        "我院已将您的问题转承办人，承办人将尽快与您联系，请保持电话畅通。",
        "工单已派发至民一庭，请关注。"}) {
    EXPECT_THAT(RulesOf(reply), ElementsAre("forward_only")) << reply;
    ExpectQuoteStandsInReply();
  }
}

TEST_F(InspectionRules, SendingTheFileOnIsAStepOfTheCase) {
  EXPECT_THAT(
      RulesOf(
          "已于5月8日收到您的上诉状，案件卷宗已移送北京市第二中级人民法院。"),
      Not(Contains("forward_only")));
}

TEST_F(InspectionRules, ANoteThatSomethingWasSaidIsNotWhatWasSaid) {
  for (const char* reply :
       {"已电话答复", "已与当事人联系", "已告知当事人", "已办结",
        "已电话联系当事人，当事人表示满意。", "经核查，情况属实，正在处理。"}) {
    EXPECT_THAT(RulesOf(reply), ElementsAre("over_simplified")) << reply;
    ExpectQuoteStandsInReply();
  }
  EXPECT_THAT(RulesOf("已电话告知当事人，退费已于5月8日汇出至尾号8812账户。"),
              IsEmpty());
}

TEST_F(InspectionRules, ForwardedAndAnsweredIsAnAnswer) {
  EXPECT_THAT(
      RulesOf(std::string("您反映的问题已转交承办庭办理，现将情况回复如下：") +
              kGoodReply),
      Not(Contains("forward_only")));
  EXPECT_THAT(
      RulesOf(std::string("您的留言转由我庭办理，现回复如下：") + kGoodReply),
      IsEmpty());
}

TEST_F(InspectionRules, NothingButADateIsEmpty) {
  for (const char* reply : {"", "  ", "2018年12月12日", "网友：2019年7月9日",
                            "西城区人民法院立案庭"}) {
    EXPECT_THAT(RulesOf(reply), ElementsAre("empty_reply")) << reply;
  }
}

TEST_F(InspectionRules, SendingTheCallerAwayIsNoAnswer) {
  EXPECT_THAT(RulesOf("您好，请咨询财务部门，谢谢。"),
              ElementsAre("referral_only"));
  EXPECT_THAT(RulesOf("建议您直接向财务处咨询，联系电话：0745-8822452。"),
              ElementsAre("referral_only"));
}

TEST_F(InspectionRules, OneVagueSentenceIsOverSimplified) {
  EXPECT_THAT(RulesOf("您好，我院正在积极研究您所说的情况。"),
              Contains("over_simplified"));
  ExpectQuoteStandsInReply();
}

TEST_F(InspectionRules, ShortButConcreteIsEnough) {
  EXPECT_THAT(RulesOf("经查，退费已于5月20日汇出，请核对尾号8812账户。"),
              Not(Contains("over_simplified")));
}

TEST_F(InspectionRules, LateIsComputedNotTyped) {
  facts_.due = absl::FromUnixSeconds(1700000000);
  facts_.closed = absl::FromUnixSeconds(1700000000 + 5400);
  facts_.overdue = true;
  EXPECT_THAT(RulesOf(kGoodReply), ElementsAre("overdue"));
  EXPECT_EQ(FirstQuote().text, "2023-11-15 06:13");
  EXPECT_THAT(result_.findings[0].explanation,
              ::testing::HasSubstr("超期 1.5 小时"));
}

TEST_F(InspectionRules, PromisesNeedADate) {
  const std::string base =
      "经查，您的退费申请材料齐全，审批流程正在进行，承办法官已联系财务部门核对"
      "。";
  EXPECT_THAT(RulesOf(base + "我院将尽快办理退费。"),
              Contains("promise_without_date"));
  EXPECT_THAT(RulesOf(base + "我院将尽快办理退费，预计6月底前到账。"),
              Not(Contains("promise_without_date")));
  EXPECT_THAT(RulesOf(base + "如发现账户有误，我院将及时处理。"),
              Not(Contains("promise_without_date")));
  EXPECT_THAT(RulesOf(base + "请您尽快到窗口办理确认。"),
              Not(Contains("promise_without_date")));
}

TEST_F(InspectionRules, ShirkingIsQuoted) {
  EXPECT_THAT(RulesOf("您好，退费问题不属于我庭职责，请找财务。"),
              Contains("shirking"));
  EXPECT_THAT(RulesOf("这事不归我们管。"), Contains("shirking"));
}

TEST_F(InspectionRules, AnotherCaseNumberIsAnotherCase) {
  facts_.case_number = "(2023)京0102民初7664号";
  EXPECT_THAT(
      RulesOf(std::string("（2022）京0102民初11号案件情况如下：") + kGoodReply),
      ElementsAre("wrong_addressee"));
  EXPECT_THAT(RulesOf(std::string("（2023）京0102民初7664号案件情况如下：") +
                      kGoodReply),
              IsEmpty());
}

TEST_F(InspectionRules, AnotherSurnameIsAnotherPerson) {
  facts_.caller_surname = "李";
  EXPECT_THAT(RulesOf(std::string("尊敬的王先生：") + kGoodReply),
              ElementsAre("wrong_addressee"));
  EXPECT_EQ(FirstQuote().text, "王先生");
  EXPECT_THAT(RulesOf(std::string("李女士您好：") + kGoodReply), IsEmpty());
}

TEST_F(InspectionRules, AQuotedMatterMustBeTheCallers) {
  EXPECT_THAT(
      RulesOf(
          "您反映的“小区停车位被物业公司长期占用乱收费”已收悉，经街道办核实，"
          "物业公司已退还车位管理费，并张贴公示。"),
      Contains("wrong_addressee"));
}

TEST_F(InspectionRules, TheCallerContradictsTheRecord) {
  facts_.contact_recorded = true;
  facts_.callback = CallbackFacts{false, "没有接到法官电话"};
  EXPECT_THAT(RulesOf(kGoodReply), ElementsAre("contradiction"));
  EXPECT_EQ(result_.findings[0].quotes.back().field, "callback");
}

TEST_F(InspectionRules, NoRecordOfACallIsNoContradiction) {
  facts_.contact_recorded = false;
  facts_.callback = CallbackFacts{false, "没有接到法官电话"};
  EXPECT_THAT(
      RulesOf("经查，您的退费审批已于5月6日完成，预计5月20日前退至您提供"
              "的银行账户，请留意到账短信。"),
      IsEmpty());
  facts_.contact_recorded = true;
  facts_.callback = CallbackFacts{true, ""};
  EXPECT_THAT(RulesOf(kGoodReply), IsEmpty());
}

TEST_F(InspectionRules, ACopyForAnotherQuestionIsFound) {
  RulesOf(kGoodReply);
  ASSERT_TRUE(result_.signature.usable);
  CopyCandidate other;
  other.inspection = "courts/110102/inspections/x";
  other.title = "执行案件查封车辆";
  other.content = "被执行人的车辆还停在小区，请求法院派人查封扣押该车。";
  other.reply = std::string("李女士：") + kGoodReply + "感谢您的来信！";
  EXPECT_EQ(AddCopyFinding(facts_, {other}, model_, scratch_, result_),
            other.inspection);
  EXPECT_EQ(result_.findings.at(0).rule->id, "near_duplicate");
}

TEST_F(InspectionRules, OneMatterRaisedTwiceGetsOneAnswer) {
  RulesOf(kGoodReply);
  CopyCandidate same;
  same.inspection = "courts/110102/inspections/x";
  same.title = kTitle;
  same.content = kContent;
  same.reply = kGoodReply;
  EXPECT_EQ(AddCopyFinding(facts_, {same}, model_, scratch_, result_), "");
}

TEST_F(InspectionRules, SurvivesRubbish) {
  for (const std::string& reply :
       {std::string("\xFF\xFE"), std::string(100000, '?'), std::string("“"),
        std::string("反映的“"), std::string("("), std::string(5, '\0')}) {
    RulesOf(reply);
  }
}

TEST(RuleCatalog, IdsAreUniqueAndFound) {
  for (const RuleInfo& rule : AllRules()) {
    EXPECT_EQ(FindRule(rule.id), &rule);
    EXPECT_FALSE(rule.suggestion.empty());
  }
  EXPECT_EQ(FindRule("nothing"), nullptr);
}

}  // namespace
}  // namespace huifang::grading
