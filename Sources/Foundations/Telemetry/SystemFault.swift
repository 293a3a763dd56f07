internal import Glibc

/// The reason why the operating system refused a call, in words and with what to do about it. Its number shows to
/// nobody.
package struct SystemFault: Error, Hashable, Sendable {
    private let code: Int32

    package init(_ code: Int32) { self.code = code }

    /// The fault of the last call that failed; to be read before the next call.
    package static var last: SystemFault { SystemFault(errno) }

    /// Whether nothing more fits on the disk.
    package var isFullDisk: Bool { code == ENOSPC || code == EDQUOT }

    /// Advice on what to do; `nil` where the words say all that is known.
    package var remedy: String? {
        switch code {
        case EACCES, EPERM: "Let the user that runs Bureau do this: check the owner and the mode (ls -ld)."
        case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: "Check the path."
        case EISDIR: "Name a file instead of the folder."
        case EEXIST: "Choose another name, or remove what has this one."
        case ENOTEMPTY: "Choose an empty folder."
        case ENOSPC: "Make room on the disk."
        case EDQUOT: "Make room, or ask for a higher quota."
        case EROFS: "Mount the disk for writing, or choose another folder."
        case EIO: "Check the health of the disk."
        case EMFILE, ENFILE: "Allow more open files (ulimit -n)."
        case ENOMEM, EAGAIN: "Free memory, or allow more processes (ulimit -u)."
        case EADDRINUSE: "Stop the other program, or choose another port."
        case EADDRNOTAVAIL: "Choose an address of this machine."
        default: nil
        }
    }
}

extension SystemFault: CustomStringConvertible {
    package var description: String {
        switch code {
        case EACCES, EPERM: return "permission is denied"
        case ENOENT: return "the file or folder does not exist"
        case ENOTDIR: return "a part of the path is not a folder"
        case ENAMETOOLONG: return "the name is too long"
        case ELOOP: return "links lead in a circle"
        case EISDIR: return "the path is a folder"
        case EEXIST: return "the name already exists"
        case ENOTEMPTY: return "the folder is not empty"
        case ENOSPC: return "the disk is full"
        case EDQUOT: return "the quota of the disk is used up"
        case EROFS: return "the disk can only be read"
        case EIO: return "the disk could not be read or written"
        case EMFILE, ENFILE: return "too many files are open"
        case ENOMEM: return "the system is out of memory"
        case EAGAIN: return "the system is out of resources"
        case EADDRINUSE: return "another program listens there"
        case EADDRNOTAVAIL: return "the address does not belong to this machine"
        case ESRCH: return "the process does not exist"
        default:
            // For a number without a name the library gives the number back.
            let words = String(cString: strerror(code))
            return words.utf8.contains { (0x30...0x39).contains($0) } ? "the system refused the call" : words
        }
    }
}
