// Package transfer knows the archive of a project: the zip file or the plain
// folder of YAML files and resources in which a project travels between
// servers and lives in Git. It reads archives that nobody vouches for and
// writes them so that the same project always gives the same bytes. It refuses
// to know who may import one, pages, and the network.
//
// Its main names are Read, Import and Export. Reading never writes: Read
// returns everything an archive holds, or every reason why it is refused.
// Import then says what it creates and changes in a domain, and does it.
//
// An archive is:
//
//	project.yaml
//	procedures/<alias>.yaml
//	scenarios/<id>.yaml
//	resources/<id>[.<language>].<extension>
package transfer
