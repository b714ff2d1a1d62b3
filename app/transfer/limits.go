package transfer

// Limits bound what reading an archive may cost. They hold while streaming:
// what an archive declares about itself is never believed.
type Limits struct {
	Entries   int   // files and folders
	Bytes     int64 // all contents, once unpacked
	Resource  int64 // one resource
	Directory int64 // the table of contents of a zip
	Ratio     int64 // unpacked bytes for one packed, beyond RatioFree
	RatioFree int64 // unpacked bytes of one file that need no ratio
	Problems  int   // reasons listed before reading stops
}

// Usual are the limits of the product: far above a real project, far under
// what would hurt a small server.
var Usual = Limits{
	Entries:   20_000,
	Bytes:     1 << 30,
	Resource:  256 << 20,
	Directory: 8 << 20,
	Ratio:     100,
	RatioFree: 4 << 20,
	Problems:  100,
}
