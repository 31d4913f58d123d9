import JSON
import MInferenceTesting
import Testing
import Tokenizers

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What Jinja2 made of a template.
enum ChatTemplateOutcome: Equatable, CustomStringConvertible {
    case output(String)
    /// The words of `raise_exception`.
    case refusal(String)
    /// An error in the template's text.
    case syntaxError
    /// Any other error.
    case failure

    init(_ golden: JSONValue) {
        switch golden["error"]?.string {
        case nil: self = .output(golden["output"]?.string ?? "")
        case "raised": self = .refusal(golden["message"]?.string ?? "")
        case "syntax": self = .syntaxError
        default: self = .failure
        }
    }

    /// What rendering with `body` gives, and the error when there was one.
    static func of(_ body: () throws(ChatTemplateError) -> String) -> (
        ChatTemplateOutcome, ChatTemplateError?
    ) {
        do throws(ChatTemplateError) {
            return (.output(try body()), nil)
        } catch {
            return (error.kind == .raised ? .refusal(error.message) : .failure, error)
        }
    }

    var description: String {
        switch self {
        case .output(let text): "output \(text.debugDescription)"
        case .refusal(let message): "refusal \(message.debugDescription)"
        case .syntaxError: "syntax error"
        case .failure: "failure"
        }
    }

    /// Whether both are the same to the byte, with all errors but refusals being the same.
    func agrees(with other: ChatTemplateOutcome) -> Bool {
        switch (self, other) {
        case (.output(let left), .output(let right)), (.refusal(let left), .refusal(let right)):
            Array(left.utf8) == Array(right.utf8)
        case (.syntaxError, .syntaxError), (.syntaxError, .failure), (.failure, .syntaxError),
            (.failure, .failure):
            true
        default: false
        }
    }
}

/// The files that `Tests/Fixtures/make_chat_templates.py` writes.
enum ChatTemplateGoldens {
    static let families = read("chat_templates/families.json")
    static let snippets = read("chat_templates/snippets.json")

    /// A clock that stands where the goldens were made.
    static func clock(of golden: JSONValue) -> ChatTemplateClock {
        .fixed(unixSeconds: golden["clock"]?.int ?? 0)
    }

    /// The members of an object as variables.
    static func variables(_ json: JSONValue?) -> [String: TemplateValue] {
        var variables: [String: TemplateValue] = [:]
        for member in json?.members ?? [] { variables[member.key] = TemplateValue(member.value) }
        return variables
    }

    private static func read(_ name: String) -> JSONValue {
        let path = Fixtures.path(name)
        guard let file = fopen(path, "rb") else {
            Issue.record("no file \(path)")
            return .null
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        do {
            return try bytes.withUnsafeBufferPointer {
                var reader = JSONReader($0)
                return try JSONValue(reading: &reader)
            }
        } catch {
            Issue.record("\(path): \(error)")
            return .null
        }
    }
}
