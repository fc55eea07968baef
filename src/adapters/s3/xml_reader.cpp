#include "adapters/s3/xml_reader.hpp"

#include <expat.h>

#include <limits>
#include <memory>
#include <vector>

#include "base/check.hpp"

namespace mlbilling::s3 {
namespace {

constexpr std::size_t deepest = 16;

using Take = std::function<void(const std::string&, const std::string&)>;

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

class Reader {
  public:
    explicit Reader(const Take& take) : take_(take), parser_(XML_ParserCreate("UTF-8")) {
        CHECK(parser_ != nullptr);
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const char* name, const char**) {
                static_cast<Reader*>(self)->begin(name);
            },
            [](void* self, const char*) { static_cast<Reader*>(self)->end(); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int size) {
            static_cast<Reader*>(self)->text_.append(text, static_cast<std::size_t>(size));
        });
        XML_SetStartDoctypeDeclHandler(parser_.get(),
                                       [](void* self, const char*, const char*, const char*, int) {
                                           static_cast<Reader*>(self)->refuse();
                                       });
    }

    bool read(std::string_view document) {
        CHECK(document.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
        const auto status =
            XML_Parse(parser_.get(), document.data(), static_cast<int>(document.size()), 1);
        return status == XML_STATUS_OK;
    }

  private:
    void begin(const char* name) {
        if (lengths_.size() == deepest) return refuse();
        lengths_.push_back(path_.size());
        if (!path_.empty()) path_ += '/';
        path_ += name;
        text_.clear();
        is_leaf_ = true;
    }
    void end() {
        if (is_leaf_) take_(path_, text_);
        is_leaf_ = false;
        path_.resize(lengths_.back());
        lengths_.pop_back();
    }
    void refuse() { XML_StopParser(parser_.get(), XML_FALSE); }

    const Take& take_;
    std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
    std::string path_;
    /// Of the path before each element that is open.
    std::vector<std::size_t> lengths_;
    std::string text_;
    bool is_leaf_ = false;
};

}  // namespace

bool read_xml(std::string_view document, const Take& take) { return Reader(take).read(document); }

}  // namespace mlbilling::s3
