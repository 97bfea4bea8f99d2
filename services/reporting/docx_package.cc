#include "services/reporting/docx_package.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/status_macros.h"
#include "services/reporting/svg_png.h"
#include "services/reporting/xml_check.h"
#include "services/reporting/zip_package.h"

namespace huifang::reporting {
namespace {

constexpr char kXml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr char kRelations[] =
    "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr char kOffice[] =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

constexpr char kContentTypes[] = R"(
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>
<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>
<Override PartName="/word/footer.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>)";

constexpr char kNumbering[] = R"(
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
</w:numbering>)";

// Which fonts stand in where the named ones are not installed.
constexpr char kFonts[] = R"(
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:font w:name="SimSun"><w:altName w:val="Noto Serif CJK SC"/><w:charset w:val="86"/><w:family w:val="roman"/></w:font>
<w:font w:name="Microsoft YaHei"><w:altName w:val="Noto Sans CJK SC"/><w:charset w:val="86"/><w:family w:val="swiss"/></w:font>
</w:fonts>)";

// Lengths in English Metric Units, 36,000 to the millimetre. Two of the charts
// that are 330 pixels wide stand side by side on the paper's 172 mm.
constexpr double kEmuOfMm = 36000;
constexpr double kNarrowMm = 84;
constexpr double kWideMm = 171;
constexpr double kNarrowPixels = 400;

// What the SVG says it shows, escaped already.
std::string AltText(absl::string_view svg) {
  constexpr absl::string_view kLabel = "aria-label='";
  const std::size_t begin = svg.find(kLabel);
  if (begin == absl::string_view::npos) return "";
  svg.remove_prefix(begin + kLabel.size());
  return std::string(svg.substr(0, svg.find('\'')));
}

// The pictures of one document, in the order they were asked for.
class Pictures {
 public:
  explicit Pictures(std::string css) : css_(std::move(css)) {}

  // What picture.xml.mustache prints; the first failure is kept in `status`.
  PageData Add(const std::string& svg) {
    absl::StatusOr<Picture> picture = DrawPng(svg, css_);
    if (!picture.ok()) {
      status_.Update(picture.status());
      return PageData(false);
    }
    const double mm = picture->width < kNarrowPixels ? kNarrowMm : kWideMm;
    const auto emu = [](double length) {
      return absl::StrCat(std::llround(length * kEmuOfMm));
    };
    const std::string number = absl::StrCat(parts_.size() + 1);
    PageData data;
    data.set("number", number);
    data.set("name", absl::StrCat("chart", number, ".png"));
    data.set("alt", AltText(svg));
    data.set("relation", absl::StrCat("rChart", number));
    data.set("width", emu(mm));
    data.set("height", emu(mm * picture->height / picture->width));
    absl::StrAppend(&relations_, "<Relationship Id=\"rChart", number,
                    "\" Type=\"", kOffice, "/image\" Target=\"media/chart",
                    number, ".png\"/>\n");
    parts_.push_back({absl::StrCat("word/media/chart", number, ".png"),
                      std::move(picture->png)});
    return data;
  }

  const absl::Status& status() const { return status_; }
  const std::vector<ZipPart>& parts() const { return parts_; }
  const std::string& relations() const { return relations_; }

 private:
  const std::string css_;
  absl::Status status_;
  std::vector<ZipPart> parts_;
  std::string relations_;
};

std::string PackageRelations() {
  return absl::StrCat(
      kXml, "<Relationships xmlns=\"", kRelations,
      "\">\n<Relationship Id=\"rDocument\" Type=\"", kOffice,
      "/officeDocument\" Target=\"word/document.xml\"/>\n"
      "<Relationship Id=\"rCore\" Type=\"http://schemas.openxmlformats.org/"
      "package/2006/relationships/metadata/core-properties\" "
      "Target=\"docProps/core.xml\"/>\n</Relationships>");
}

std::string DocumentRelations(const Pictures& pictures) {
  std::string text =
      absl::StrCat(kXml, "<Relationships xmlns=\"", kRelations, "\">\n");
  for (const char* part : {"styles", "numbering", "fontTable"}) {
    absl::StrAppend(&text, "<Relationship Id=\"r", part, "\" Type=\"", kOffice,
                    "/", part, "\" Target=\"", part, ".xml\"/>\n");
  }
  absl::StrAppend(&text, "<Relationship Id=\"rFooter\" Type=\"", kOffice,
                  "/footer\" Target=\"footer.xml\"/>\n", pictures.relations(),
                  "</Relationships>");
  return text;
}

}  // namespace

absl::StatusOr<std::string> PrintDocx(
    const std::string& court, const char* document,
    const TemplateSet& templates,
    absl::FunctionRef<PageData(const ChartMaker& charts)> make_page) {
  Pictures pictures(templates.Text(court, "chart.css"));
  PageData page = make_page(
      [&pictures](const std::string& svg) { return pictures.Add(svg); });
  RETURN_IF_ERROR(pictures.status());
  page.set("picture", templates.Text(court, "picture.xml.mustache"));
  std::vector<ZipPart> parts = {
      {"[Content_Types].xml", absl::StrCat(kXml, kContentTypes + 1)},
      {"_rels/.rels", PackageRelations()},
      {"word/_rels/document.xml.rels", DocumentRelations(pictures)},
      {"word/numbering.xml", absl::StrCat(kXml, kNumbering + 1)},
      {"word/fontTable.xml", absl::StrCat(kXml, kFonts + 1)}};
  const std::pair<const char*, const char*> printed[] = {
      {"word/document.xml", document},
      {"word/styles.xml", "styles.xml.mustache"},
      {"word/footer.xml", "footer.xml.mustache"},
      {"docProps/core.xml", "core.xml.mustache"}};
  for (const auto& [part, file] : printed) {
    ASSIGN_OR_RETURN(std::string text, templates.Print(court, file, page));
    RETURN_IF_ERROR(CheckXml(file, text));
    parts.push_back({part, std::move(text)});
  }
  parts.insert(parts.end(), pictures.parts().begin(), pictures.parts().end());
  return ZipPackage(parts);
}

}  // namespace huifang::reporting
