#include "mail/curl_functions.hpp"

#include <dlfcn.h>
#include <optional>
#include <string>

namespace hallpass::mail {

namespace {

constexpr const char* library = "libcurl.so.4";

// The fault of the first function that isn't there.
class function_finder {
public:
    explicit function_finder(void* loaded) : loaded_(loaded) {}

    template <class Function>
    void find(Function& into, const char* name) {
        into = reinterpret_cast<Function>(::dlsym(loaded_, name));
        if (into == nullptr && missing.empty()) {
            missing = name;
        }
    }

    std::string missing;

private:
    void* loaded_;
};

fault unusable(const std::string& why) {
    return fault(fault_kind::transient, why + "; mail needs libcurl: install the package libcurl4");
}

result<curl_functions> load() {
    void* loaded = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) {
        return unusable(::dlerror());
    }
    curl_functions all;
    function_finder finder(loaded);
    finder.find(all.global_init, "curl_global_init");
    finder.find(all.easy_init, "curl_easy_init");
    finder.find(all.easy_setopt, "curl_easy_setopt");
    finder.find(all.easy_getinfo, "curl_easy_getinfo");
    finder.find(all.easy_strerror, "curl_easy_strerror");
    finder.find(all.easy_send, "curl_easy_send");
    finder.find(all.easy_recv, "curl_easy_recv");
    finder.find(all.easy_cleanup, "curl_easy_cleanup");
    finder.find(all.multi_init, "curl_multi_init");
    finder.find(all.multi_setopt, "curl_multi_setopt");
    finder.find(all.multi_add_handle, "curl_multi_add_handle");
    finder.find(all.multi_remove_handle, "curl_multi_remove_handle");
    finder.find(all.multi_socket_action, "curl_multi_socket_action");
    finder.find(all.multi_info_read, "curl_multi_info_read");
    finder.find(all.multi_assign, "curl_multi_assign");
    finder.find(all.multi_cleanup, "curl_multi_cleanup");
    finder.find(all.slist_append, "curl_slist_append");
    finder.find(all.slist_free_all, "curl_slist_free_all");
    if (!finder.missing.empty()) {
        ::dlclose(loaded);
        return unusable(std::string(library) + " has no " + finder.missing);
    }
    if (all.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return unusable(std::string(library) + " can't be started");
    }
    return all; // stays loaded: OpenSSL, which it shares with us, remembers it
}

} // namespace

result<const curl_functions*> load_curl() {
    static std::optional<curl_functions> known;
    if (!known) {
        result<curl_functions> loaded = load();
        if (!loaded) {
            return loaded.error();
        }
        known = *loaded;
    }
    return &*known;
}

} // namespace hallpass::mail
