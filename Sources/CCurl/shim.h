#pragma once
#include <curl/curl.h>

// Swift calls no variadic functions: one form a kind of value.

static inline CURLcode prelabel_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode prelabel_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
// curl keeps a copy.
static inline CURLcode prelabel_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
// curl keeps a copy of as many bytes as CURLOPT_POSTFIELDSIZE_LARGE says.
static inline CURLcode prelabel_copy_body(CURL *easy, const void *bytes) {
    return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}
// curl keeps the pointer.
static inline CURLcode prelabel_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode prelabel_set_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}
typedef size_t (*prelabel_transfer_callback)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode prelabel_set_transfer(CURL *easy, CURLoption option, prelabel_transfer_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}
static inline CURLcode prelabel_set_seek(CURL *easy, curl_seek_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}
static inline CURLcode prelabel_set_sockopt(CURL *easy, curl_sockopt_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, callback);
}
static inline CURLcode prelabel_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline size_t prelabel_read_abort(void) { return CURL_READFUNC_ABORT; }
static inline size_t prelabel_write_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline int prelabel_pause_none(void) { return CURLPAUSE_CONT; }
static inline long prelabel_http_1_1(void) { return CURL_HTTP_VERSION_1_1; }
