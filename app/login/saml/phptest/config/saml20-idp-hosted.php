<?php
// The provider. A roll-over of keys goes in three steps, as its manual has them:
// one key; the next one published beside it; the next one alone.
$say = json_decode(file_get_contents(getenv('PHPTEST_FOLDER') . '/say.json'), true);
$metadata['__DYNAMIC:1__'] = [
    'host' => '__DEFAULT__',
    'privatekey' => $say['Key'] === 'next' ? 'next.key' : 'first.key',
    'certificate' => $say['Key'] === 'next' ? 'next.pem' : 'first.pem',
    'auth' => 'people',
    'sign.logout' => true,
    'validate.authnrequest' => true,
    'validate.logout' => true,
] + ($say['Key'] === 'both' ? ['new_privatekey' => 'next.key', 'new_certificate' => 'next.pem'] : []);
