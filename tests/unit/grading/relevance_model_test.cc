#include "services/grading/relevance_model.h"

#include <gtest/gtest.h>

#include <string>

namespace huifang::grading {
namespace {

struct Texts {
  Texts(const char* t, const char* c, const char* r)
      : title(t), content(c), reply(r) {}
  Exchange exchange() const { return {title, content, reply}; }
  NormalizedText title;
  NormalizedText content;
  NormalizedText reply;
};

TEST(RelevanceModel, HasNoOpinionWithoutAQuestionOrAReply) {
  const RelevanceModel model;
  RelevanceModel::Scratch scratch;
  EXPECT_FALSE(model.Score(Texts("标题", "内容", "").exchange(), scratch));
  EXPECT_FALSE(model.Score(Texts("", "", "答复内容").exchange(), scratch));
  EXPECT_FALSE(model.Score(Texts("", "", "").exchange(), scratch));
  EXPECT_FALSE(model.Score(Texts("？！", "…", "。").exchange(), scratch));
}

TEST(RelevanceModel, PrefersTheEchoEvenUntaught) {
  const RelevanceModel model;
  RelevanceModel::Scratch scratch;
  const auto own = model.Score(
      Texts("诉讼费退费", "判决已生效，诉讼费退费账户如何填写？",
            "您的诉讼费退费账户请填写在退费申请书上，判决生效后十五日内退还。")
          .exchange(),
      scratch);
  const auto foreign = model.Score(
      Texts("诉讼费退费", "判决已生效，诉讼费退费账户如何填写？",
            "开庭时间为下周三上午九点，请携带身份证到第五法庭参加庭审活动。")
          .exchange(),
      scratch);
  ASSERT_TRUE(own && foreign);
  EXPECT_GT(*own, *foreign);
  EXPECT_LE(*own, 1.0);
  EXPECT_GE(*foreign, 0.0);
}

TEST(RelevanceModel, MergingEqualsLearningTogether) {
  RelevanceModel::Scratch scratch;
  const Texts a("保全", "保全费怎么交", "保全费可以网上交纳");
  const Texts b("阅卷", "如何预约阅卷", "阅卷请提前一天预约");
  RelevanceModel together;
  together.Learn(a.exchange(), scratch);
  together.Learn(b.exchange(), scratch);
  RelevanceModel left;
  RelevanceModel right;
  left.Learn(a.exchange(), scratch);
  right.Learn(b.exchange(), scratch);
  right.Merge(left);
  EXPECT_EQ(together.Serialize(), right.Serialize());
}

TEST(RelevanceModel, RefusesDamagedBlobs) {
  RelevanceModel model;
  RelevanceModel::Scratch scratch;
  model.Learn(Texts("标题", "内容在此", "答复在此").exchange(), scratch);
  const std::string blob = model.Serialize();
  EXPECT_TRUE(RelevanceModel::Parse(blob).ok());
  EXPECT_FALSE(RelevanceModel::Parse("").ok());
  EXPECT_FALSE(RelevanceModel::Parse(blob + "x").ok());
  for (std::size_t cut = 0; cut < blob.size(); ++cut) {
    EXPECT_FALSE(RelevanceModel::Parse(blob.substr(0, cut)).ok()) << cut;
  }
  // Behind the magic and the size stands the number of texts, here 1: a model
  // that claims 60000 would have been halved.
  std::string many = blob;
  many.replace(6, 1, "\xE0\xD4\x03");
  EXPECT_FALSE(RelevanceModel::Parse(many).ok());
}

TEST(RelevanceModel, TakesTextsOfAnyLength) {
  RelevanceModel model;
  RelevanceModel::Scratch scratch;
  std::string text;
  for (int i = 0; i < 30000; ++i) {
    text += "\xE4";
    text += static_cast<char>(0xB8 + i / 4096 % 4);
    text += static_cast<char>(0x80 + i % 64);
  }
  const Texts texts("标题", text.c_str(), text.c_str());
  model.Learn(texts.exchange(), scratch);
  EXPECT_TRUE(model.Score(texts.exchange(), scratch).has_value());
}

}  // namespace
}  // namespace huifang::grading
