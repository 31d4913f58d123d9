import ArgumentParser
import Glibc
import MInference

/// What the model is asked.
struct PromptOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The prompt; @FILE reads a file, - reads standard input.")
    var prompt: String

    @Option(name: .shortAndLong, help: "A system message; @FILE reads a file.")
    var system: String?

    /// The prompt's text.
    func text() throws -> String { try InputText.resolve(prompt) }

    /// The system message's text.
    func systemText() throws -> String? { try system.map { try InputText.resolve($0) } }
}

/// Text that an argument gives or points to.
enum InputText {
    /// `text` itself, the contents of `@FILE`, or standard input for `-`.
    static func resolve(_ argument: String) throws(InputError) -> String {
        if argument == "-" { return try read(STDIN_FILENO, name: "standard input") }
        guard argument.hasPrefix("@") else { return argument }
        let path = String(argument.dropFirst())
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(name: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        return try read(file, name: path)
    }

    private static func read(_ file: Int32, name: String) throws(InputError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(name: name, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(name: name) }
        return text
    }
}

/// An input that cannot be read.
enum InputError: Error, CustomStringConvertible {
    case unreadable(name: String, reason: String)
    case notUTF8(name: String)
    case badSchema(name: String, JSONSchemaError)

    var description: String {
        switch self {
        case .unreadable(let name, let reason): "cannot read \(name): \(reason)"
        case .notUTF8(let name): "\(name) is not UTF-8 text; convert it first, e.g. with iconv"
        case .badSchema(let name, let error): "\(name): \(error)"
        }
    }
}
