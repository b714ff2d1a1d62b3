// Package transfer knows the archive of a project: the zip file or the plain
// folder of YAML files and resources in which a project travels between
// servers and lives in Git. It reads archives that nobody vouches for and
// writes them so that the same project always gives the same bytes. It refuses
// to know where projects are kept, who may import one, and the network.
//
// Its main names are Read, PlanImport and Export. Reading never writes: Read
// returns everything an archive holds, or every reason why it is refused.
// PlanImport then says what an import would create and change.
//
// An archive is:
//
//	project.yaml
//	procedures/<alias>.yaml
//	scenarios/<id>.yaml
//	resources/<id>[.<language>].<extension>
package transfer
