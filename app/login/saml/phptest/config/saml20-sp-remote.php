<?php
// Whoever people sign in to: their own metadata, read as the provider's page for
// administrators reads them, and what the test says besides.
$folder = getenv('PHPTEST_FOLDER');
$say = json_decode(file_get_contents("$folder/say.json"), true);
foreach (glob("$folder/*.sp.xml") as $file) {
    $theirs = SimpleSAML\Metadata\SAMLParser::parseString(file_get_contents($file))->getMetadata20SP();
    unset($theirs['entityDescriptor'], $theirs['expire']);
    $metadata[$theirs['entityid']] = ['assertion.encryption' => $say['Encrypt'], 'saml20.sign.response' => !$say['Bare'], 'validate.logout' => true] + $theirs;
}
