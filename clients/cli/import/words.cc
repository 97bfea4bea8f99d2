#include "clients/cli/import/words.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

using Words = std::vector<absl::string_view>;

const std::map<absl::string_view, Words>& Headers() {
  static const auto* const kHeaders = new std::map<absl::string_view, Words>{
      {"source_id",
       {"工单编号", "工单号", "编号", "工单id", "流水号", "受理编号",
        "诉求编号", "ticketid", "caseenquiryid", "caseid", "requestid",
        "orderid", "uniqueid", "serialnumber", "ticket", "id", "序号"}},
      {"channel",
       {"渠道", "来源渠道", "诉求来源", "受理渠道", "来源", "channelname",
        "channel", "source"}},
      {"kind",
       {"诉求类型", "工单类型", "业务类型", "诉求性质", "性质", "类型", "kind",
        "nature", "requesttype", "tickettype"}},
      {"priority", {"紧急程度", "优先级", "缓急", "priority", "urgency"}},
      {"state",
       {"工单状态", "办理状态", "状态", "casestatus", "ticketstatus", "status",
        "state"}},
      {"category",
       {"分类", "问题分类", "诉求分类", "类别", "事项分类", "category", "type",
        "subject", "topic"}},
      {"title",
       {"标题", "诉求标题", "主题", "工单标题", "事项", "casetitle", "title",
        "summary"}},
      {"content",
       {"诉求内容", "内容", "工单内容", "问题描述", "来电内容", "留言内容",
        "咨询内容", "content", "description", "question", "message", "body",
        "customerremarks"}},
      {"caller_phone",
       {"来电号码", "联系电话", "电话", "手机", "手机号", "手机号码",
        "电话号码", "联系方式", "callerphone", "phone", "phonenumber", "mobile",
        "tel", "telephone"}},
      {"caller_name",
       {"诉求人", "来电人", "姓名", "联系人", "当事人", "留言人", "市民姓名",
        "callername", "caller", "name", "customername"}},
      {"party_id",
       {"当事人id", "用户id", "用户", "诉求人id", "userid", "user", "partyid",
        "customerid"}},
      {"case_number", {"案号", "案件编号", "casenumber", "caseno"}},
      {"division",
       {"承办庭室", "承办部门", "承办单位", "庭室", "部门", "主办单位",
        "处理部门", "办理单位", "division", "department", "dept", "queue",
        "district", "区县"}},
      {"handler",
       {"承办人", "承办法官", "法官", "经办人", "处理人", "办理人", "handler",
        "judge", "agentname", "assignee", "owner"}},
      {"reply",
       {"答复内容", "答复意见", "回复内容", "答复", "回复", "办理结果",
        "处理结果", "办结意见", "reply", "answer", "response", "closurereason",
        "resolution", "result"}},
      {"create_time",
       {"受理时间",   "来电时间",        "创建时间",    "登记时间", "提交时间",
        "留言时间",   "受理日期",        "创建日期",    "诉求时间", "createdat",
        "createtime", "createddate",     "opendt",      "openedat", "opendate",
        "created",    "issuereportedat", "submittedat", "date",     "时间",
        "日期"}},
      {"dispatch_time",
       {"派单时间", "转办时间", "下派时间", "交办时间", "dispatchtime",
        "dispatchedat", "assignedat"}},
      {"due_time",
       {"应办结时间", "办结期限", "截止时间", "到期时间", "办理期限",
        "要求办结时间", "duetime", "duedate", "dueat", "slatargetdt", "target",
        "deadline"}},
      {"reply_time",
       {"答复时间", "回复时间", "首次答复时间", "答复日期", "replytime",
        "repliedat", "respondedat", "issueresponded", "answeredat"}},
      {"close_time",
       {"办结时间", "办结日期", "结案时间", "完成时间", "关闭时间", "closetime",
        "closedat", "closeddt", "closeddate", "resolvedat", "completedat"}},
      {"key_supervision", {"重点督办", "是否督办", "督办", "keysupervision"}},
      {"callback_consent", {"同意回访", "是否同意回访", "callbackconsent"}},
      {"contact_recorded",
       {"是否联系", "已联系", "联系当事人", "contactrecorded", "contacted"}},
      {"forward_count",
       {"流转次数", "转办次数", "派单次数", "forwardcount", "transfers"}},
  };
  return *kHeaders;
}

struct Meaning {
  absl::string_view word;
  absl::string_view value;
};

// In order: the first word that a cell contains decides.
const std::map<absl::string_view, std::vector<Meaning>>& Meanings() {
  static const auto* const kMeanings =
      new std::map<absl::string_view, std::vector<Meaning>>{
          {"channel",
           {{"app", "APP"},
            {"客户端", "APP"},
            {"微信", "APP"},
            {"小程序", "APP"},
            {"网站", "WEB"},
            {"网络", "WEB"},
            {"网页", "WEB"},
            {"web", "WEB"},
            {"邮", "WEB"},
            {"mail", "WEB"},
            {"self service", "WEB"},
            {"qq", "WEB"},
            {"微博", "WEB"},
            {"twitter", "WEB"},
            {"chat", "WEB"},
            {"留言", "MESSAGE"},
            {"短信", "MESSAGE"},
            {"sms", "MESSAGE"},
            {"voicemail", "MESSAGE"},
            {"窗口", "DESK"},
            {"大厅", "DESK"},
            {"来访", "DESK"},
            {"现场", "DESK"},
            {"desk", "DESK"},
            {"walk", "DESK"},
            {"转办", "TRANSFER"},
            {"交办", "TRANSFER"},
            {"上级", "TRANSFER"},
            {"generated", "TRANSFER"},
            {"电话", "PHONE"},
            {"来电", "PHONE"},
            {"热线", "PHONE"},
            {"call", "PHONE"},
            {"phone", "PHONE"},
            {"inbound", "PHONE"}}},
          {"kind",
           {{"联系法官", "CONTACT_JUDGE"},
            {"contact", "CONTACT_JUDGE"},
            {"查询", "CASE_QUERY"},
            {"query", "CASE_QUERY"},
            {"投诉", "COMPLAINT"},
            {"举报", "COMPLAINT"},
            {"complaint", "COMPLAINT"},
            {"建议", "SUGGESTION"},
            {"意见", "SUGGESTION"},
            {"suggestion", "SUGGESTION"},
            {"咨询", "CONSULT"},
            {"consult", "CONSULT"},
            {"求助", "OTHER"},
            {"其他", "OTHER"},
            {"other", "OTHER"}}},
          {"state",
           {{"即答", "ANSWERED_AT_DESK"},
            {"未办结", "DISPATCHED"},
            {"办结", "CLOSED"},
            {"结案", "CLOSED"},
            {"关闭", "CLOSED"},
            {"完成", "CLOSED"},
            {"closed", "CLOSED"},
            {"resolved", "CLOSED"},
            {"作废", "CANCELLED"},
            {"cancel", "CANCELLED"},
            {"退", "RETURNED"},
            {"签收", "ACCEPTED"},
            {"答复", "REPLIED"},
            {"回复", "REPLIED"},
            {"派", "DISPATCHED"},
            {"办理中", "DISPATCHED"},
            {"处理中", "DISPATCHED"},
            {"open", "DISPATCHED"},
            {"待", "OPEN"},
            {"受理", "OPEN"},
            {"new", "OPEN"}}},
          {"priority",
           {{"特急", "URGENT"},
            {"紧急", "URGENT"},
            {"加急", "URGENT"},
            {"急", "URGENT"},
            {"high", "URGENT"},
            {"urgent", "URGENT"},
            {"一般", "NORMAL"},
            {"普通", "NORMAL"},
            {"normal", "NORMAL"},
            {"low", "NORMAL"}}},
      };
  return *kMeanings;
}

}  // namespace

const std::vector<absl::string_view>& HeaderWords(absl::string_view field) {
  static const auto* const kNone = new Words;
  const auto it = Headers().find(field);
  return it == Headers().end() ? *kNone : it->second;
}

std::string MeaningOf(absl::string_view field, absl::string_view word) {
  const auto meanings = Meanings().find(field);
  if (meanings == Meanings().end()) return "";
  const std::string lower = absl::AsciiStrToLower(FoldFullWidth(word));
  for (const Meaning& meaning : meanings->second) {
    if (absl::StrContains(lower, meaning.word)) {
      return std::string(meaning.value);
    }
  }
  return "";
}

std::string PlainHeader(absl::string_view header) {
  std::string plain;
  for (const char c : absl::AsciiStrToLower(FoldFullWidth(TrimText(header)))) {
    if (c != ' ' && c != '_' && c != '-' && c != '.' && c != '/') plain += c;
  }
  return plain;
}

}  // namespace huifang::cli
