/// Why a model could not be downloaded, or what is wrong with what was.
public enum HubError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name is no repository of the hub.
    case badName(String)
    /// No hub client is installed.
    case noClient
    /// The client could not be started.
    case cannotStart(client: String, reason: String)
    /// The client gave up.
    case clientFailed(client: String, status: Int32)
    /// A file of the snapshot leads nowhere: its download did not end.
    case missingFile(path: String)
    /// A file is not as long as its own header says, or parts of the checkpoint are missing.
    case incomplete(reason: String)
    /// The contents of a file are not those that the hub has.
    case wrongHash(path: String, expected: String, found: String)

    /// One line that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .badName(let name):
            "'\(name)' is no repository of the Hugging Face hub: expected ORG/NAME of letters, digits, '-', '_' and '.'"
        case .noClient:
            "no hub client: neither hf nor huggingface-cli is on the PATH; install it with "
                + "`pip install -U huggingface_hub`, or download the model otherwise and give its directory to --model"
        case .cannotStart(let client, let reason): "\(client) cannot be started: \(reason)"
        case .clientFailed(let client, let status):
            "\(client) ended with status \(status), its reason is above; the same command again goes on where it stopped"
        case .missingFile(let path):
            "\(path): the file is not there; pull again, which goes on where the download stopped"
        case .incomplete(let reason): "\(reason); pull again, which downloads what is missing"
        case .wrongHash(let path, let expected, let found):
            "\(path): has the SHA-256 \(found), expected \(expected); delete the file and pull again"
        }
    }
}
