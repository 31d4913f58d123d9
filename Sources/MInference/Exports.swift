// The types of other modules that this module's interface is made of; one import serves its users.
@_exported import Checkpoints
@_exported import Compute
@_exported import JSON
@_exported import Models
@_exported import SparseAttention
@_exported import Tokenizers
