import Compute
import Models

/// The sequences of an engine that are at work in turns, and the buffers that they share between steps.
final class LiveSequences {
    private var sequences: [SequenceID: LiveSequence] = [:]
    private var workspace: DecoderWorkspace?
    private var decoder: Decoder?

    /// The sequence with a name.
    subscript(id: SequenceID) -> LiveSequence? { sequences[id] }

    /// Adds a sequence.
    func open(_ id: SequenceID, _ request: SequenceRequest, model: DecoderModel) throws {
        sequences[id] = try LiveSequence(request, model: model) { rows in
            if let workspace, workspace.rowCount >= rows { return workspace }
            let larger = try DecoderWorkspace(model: model, rowCount: rows)
            workspace = larger
            return larger
        }
    }

    /// Removes a sequence; with the last one the shared buffers go, too.
    func close(_ id: SequenceID) {
        sequences[id] = nil
        if sequences.isEmpty { (workspace, decoder) = (nil, nil) }
    }

    /// The decoder that all sequences use, with room for `rows` rows.
    func decoder(model: DecoderModel, rows: Int) throws -> Decoder {
        if let decoder, decoder.rowCount >= rows { return decoder }
        let made = try Decoder(model: model, rowCount: rows)
        decoder = made
        return made
    }
}
