import Foundation
import Glibc

private typealias CloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

/// A GNU extension, which the headers show only to those who ask for these.
private let closeFrom = unsafeBitCast(
    dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"), to: CloseFrom.self)

/// Starts a program whose output is read from a pipe, into which its errors go as well unless they have a file of their
/// own. It inherits nothing else: the sockets of tests that run meanwhile would stay open in it. Foundation's `Process`
/// looks for these in a list of open files, and reads past its end where there are very many.
package func spawn(
    _ arguments: [String], _ environment: [String: String] = ProcessInfo.processInfo.environment,
    errors: Int32? = nil
) throws -> (pid: Int32, output: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw StandInFailure("pipe: \(errno)") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, errors ?? ends[1], 2)
    guard closeFrom(&actions, 3) == 0 else { throw StandInFailure("closefrom: \(errno)") }
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, arguments[0], &actions, nil, argv, envp)
    close(ends[1])
    guard code == 0 else {
        close(ends[0])
        throw StandInFailure("cannot start \(arguments[0]): \(String(cString: strerror(code)))")
    }
    return (pid, ends[0])
}

/// Runs a program to its end. What it says of errors goes to `errors`, or is lost.
package func runTool(_ arguments: [String], errors: Int32? = nil) throws -> (status: Int32, output: [UInt8]) {
    let lost = open("/dev/null", O_WRONLY)
    defer { close(lost) }
    let (pid, output) = try spawn(arguments, errors: errors ?? lost)
    let said = FileHandle(fileDescriptor: output, closeOnDealloc: true).readDataToEndOfFile()
    var status: Int32 = 0
    while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    return (status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, Array(said))
}
