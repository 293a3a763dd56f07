import Glibc
import Telemetry
import Testing

struct SystemFaultTests {
    @Test func `no number of the system shows, whatever it is`() {
        for code in Int32(-1)...600 {
            let fault = SystemFault(code)
            let words = "\(fault) \(fault.remedy ?? "")"
            #expect(!words.contains { $0.isNumber } && !words.contains("errno"), "\(words)")
            #expect(!"\(fault)".isEmpty)
        }
    }

    @Test(arguments: [EACCES, EADDRINUSE, EISDIR, EMFILE, ENOENT, ENOSPC, EROFS])
    func `what people meet says what to do`(_ code: Int32) {
        #expect(SystemFault(code).remedy != nil)
    }

    @Test func `the last one is the one that has just failed`() {
        let file = open("/nowhere/at/all", O_RDONLY)
        let fault = SystemFault.last
        #expect(file < 0 && fault == SystemFault(ENOENT))
    }
}
