// Placeholder so that the package resolves while the module is being written.
