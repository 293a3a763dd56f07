internal import CCurl

/// A transfer of the library's, and the lists that its settings refer to. Unchecked: one thread has it.
@safe final class CurlHandle: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>?] = unsafe []

    /// `nil` where there is no memory.
    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe lists.forEach { unsafe curl_slist_free_all($0) }
    }

    func set(_ option: CURLoption, _ value: Int) {
        must(unsafe bureau_curl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ text: String) {
        must(unsafe text.withCString { unsafe bureau_curl_set(handle, option, $0) })
    }

    func set(_ option: CURLoption, _ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { unsafe list = curl_slist_append(list, line) }
        unsafe lists.append(list)
        must(unsafe bureau_curl_set(handle, option, list))
    }

    // Values are checked before; what is left is a library without a feature that is taken for granted.
    func must(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl refuses a setting (\(code.rawValue))")
    }

    /// Sets the options that hold wherever a connection goes. `certificates`: a file of those to trust instead of the
    /// system's.
    func secure(certificates: String?) {
        // Not even from the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let certificates { set(CURLOPT_CAINFO, certificates) }
    }

    /// The addresses that a host's name was found to have, which it then has for the library, too.
    func pin(_ host: String, port: Int, to addresses: [IPAddress]) {
        let found = addresses.map(\.description).joined(separator: ",")
        // With the plus it ages like any other name that the library knows.
        set(CURLOPT_RESOLVE, ["+\(host):\(port):\(found)"])
    }
}
