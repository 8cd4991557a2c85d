// libcurl, loaded when the first letter is sent: it brings two dozen libraries and 4 MB of memory, which
// those who send no mail don't pay for.
#pragma once

#include "base/result.hpp"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace hallpass::mail {

struct curl_functions {
    decltype(&::curl_global_init) global_init = nullptr;
    decltype(&::curl_easy_init) easy_init = nullptr;
    decltype(&::curl_easy_setopt) easy_setopt = nullptr;
    decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&::curl_easy_strerror) easy_strerror = nullptr;
    decltype(&::curl_easy_send) easy_send = nullptr;
    decltype(&::curl_easy_recv) easy_recv = nullptr;
    decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&::curl_multi_init) multi_init = nullptr;
    decltype(&::curl_multi_setopt) multi_setopt = nullptr;
    decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
    decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
    decltype(&::curl_multi_socket_action) multi_socket_action = nullptr;
    decltype(&::curl_multi_info_read) multi_info_read = nullptr;
    decltype(&::curl_multi_assign) multi_assign = nullptr;
    decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
    decltype(&::curl_slist_append) slist_append = nullptr;
    decltype(&::curl_slist_free_all) slist_free_all = nullptr;
};

// Loads it once for the life of the process. transient where it isn't there, so that an operator can mend it
// while hallpass runs.
result<const curl_functions*> load_curl();

} // namespace hallpass::mail
