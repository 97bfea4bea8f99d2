#ifndef HUIFANG_SERVICES_COMMON_EMBEDDED_H_
#define HUIFANG_SERVICES_COMMON_EMBEDDED_H_

namespace huifang {

// A file of the source tree inside the binary; see huifang_embed in CMake.
struct EmbeddedFile {
  const char* name;  // file name without its folder
  const char* text;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_EMBEDDED_H_
