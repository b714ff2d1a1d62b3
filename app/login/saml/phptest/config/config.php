<?php
// SimpleSAMLphp as a test wants it: everything it keeps is in the folder of the test.
$folder = getenv('PHPTEST_FOLDER');
$config = [
    'baseurlpath' => getenv('PHPTEST_BASE'),
    'certdir' => "$folder/",
    'loggingdir' => "$folder/",
    'datadir' => "$folder/",
    'tempdir' => "$folder/tmp",
    'metadatadir' => __DIR__,
    'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
    'secretsalt' => 'for tests only',
    'auth.adminpassword' => bin2hex(random_bytes(16)),
    'technicalcontact_name' => 'Test',
    'technicalcontact_email' => 'na@example.org',
    'timezone' => 'UTC',
    'admin.checkforupdates' => false,
    'trusted.url.domains' => null,
    'logging.level' => SimpleSAML\Logger::WARNING,
    'logging.handler' => 'errorlog',
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.cookie.secure' => false, // no TLS here
    'session.cookie.samesite' => null,
    'session.phpsession.savepath' => "$folder/tmp",
    'language.cookie.secure' => false,
    'language.cookie.samesite' => null,
    'language.available' => ['en'],
    'store.type' => 'phpsession',
    'metadata.sources' => [['type' => 'flatfile']],
];
