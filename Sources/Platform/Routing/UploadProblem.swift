package import HTTPServer
package import Records

extension HTTPServerError: ProblemConvertible {
    /// The problem of an upload that the disk did not take, the same as where the server itself finds that out.
    package var problem: Problem {
        switch self {
        case .cannotStore(let fault):
            Problem(.unavailable, HTTPFault.spoolFailed(fault).detail).with(header: "Retry-After", "5")
        case .badHost, .cannotListen, .daemonRefused: Problem(.internalError)
        }
    }
}
