internal import CMicroHTTPD
internal import Glibc
internal import Telemetry

/// A bound, listening, non-blocking socket.
func openListener(_ host: String, _ port: Int) throws(HTTPServerError) -> Int32 {
    guard let address = RemoteAddress(host == "localhost" ? "127.0.0.1" : host), (0...65535).contains(port)
    else {
        throw .badHost("\(host):\(port)")
    }
    let isIPv6 = !address.isIPv4
    let listener = socket(
        isIPv6 ? AF_INET6 : AF_INET,
        Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw .cannotListen("\(host):\(port)", .last) }
    var yes: Int32 = 1
    var no: Int32 = 0
    let size = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, size)
    // `::` takes IPv4 too.
    if isIPv6 { unsafe setsockopt(listener, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, size) }
    let bound: Int32
    if isIPv6 {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = in_port_t(port).bigEndian
        unsafe withUnsafeMutableBytes(of: &name.sin6_addr) {
            unsafe $0.storeBytes(of: address.bits.bigEndian, as: UInt128.self)
        }
        bound = unsafe bindSocket(listener, &name)
    } else {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        name.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
        bound = unsafe bindSocket(listener, &name)
    }
    guard bound == 0, listen(listener, 4096) == 0 else {
        let fault = SystemFault.last
        close(listener)
        throw .cannotListen("\(host):\(port)", fault)
    }
    return listener
}

private func bindSocket<Name>(_ listener: Int32, _ name: UnsafeMutablePointer<Name>) -> Int32 {
    unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, socklen_t(MemoryLayout<Name>.size))
    }
}

func boundPort(_ listener: Int32) -> Int {
    var name = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    _ = unsafe withUnsafeMutablePointer(to: &name) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe getsockname(listener, $0, &length)
        }
    }
    // The port lies at the same place in both families.
    return unsafe withUnsafeBytes(of: name) {
        unsafe Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)))
    }
}
