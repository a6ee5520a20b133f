=== open.php
<?php <<<A
 $x {$y["