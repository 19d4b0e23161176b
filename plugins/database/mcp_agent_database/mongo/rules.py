"""What may stand in a filter or a pipeline of MongoDB: closed lists. What is new is refused until somebody
looked at it."""

from __future__ import annotations

from mcp_agent_database.words import words

STAGES = words(
    """
    $addFields $bucket $bucketAuto $count $densify $documents $facet $fill $geoNear $graphLookup $group $limit $lookup
    $match $project $redact $replaceRoot $replaceWith $sample $search $searchMeta $set $setWindowFields $skip $sort
    $sortByCount $unionWith $unset $unwind $vectorSearch
    """
)
"""Stages that read. ``$out`` and ``$merge`` write, others (``$currentOp``, ``$listSessions``, ``$collStats``) look into
the server, ``$changeStream`` never ends."""

FILTERS = words(
    """
    $all $and $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $box $caseSensitive $center $centerSphere $comment
    $diacriticSensitive $elemMatch $eq $exists $expr $geoIntersects $geoWithin $geometry $gt $gte $in $jsonSchema
    $language $lt $lte $maxDistance $minDistance $mod $ne $near $nearSphere $nin $nor $not $options $or $polygon $rand
    $regex $sampleRate $size $text $type
    """
)
"""Without ``$where``, which runs JavaScript."""

EXPRESSIONS = words(
    """
    $abs $acos $acosh $add $addToSet $allElementsTrue $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh $atan
    $atan2 $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bottom $bottomN $bsonSize $ceil $cmp $concat
    $concatArrays $cond $convert $cos $cosh $covariancePop $covarianceSamp $dateAdd $dateDiff $dateFromParts
    $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear
    $degreesToRadians $denseRank $derivative $divide $documentNumber $exp $expMovingAvg $filter $first $firstN $floor
    $getField $hour $ifNull $indexOfArray $indexOfBytes $indexOfCP $integral $isArray $isNumber $isoDayOfWeek $isoWeek
    $isoWeekYear $last $lastN $let $linearFill $literal $ln $locf $log $log10 $ltrim $map $max $maxN $median
    $mergeObjects $meta $millisecond $min $minN $minute $month $multiply $objectToArray $percentile $pow $push
    $radiansToDegrees $range $rank $reduce $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne $reverseArray
    $round $rtrim $second $setDifference $setEquals $setField $setIntersection $setIsSubset $setUnion $shift $sin $sinh
    $slice $sortArray $split $sqrt $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp $substr $substrBytes
    $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal $toDouble $toInt $toLong $toLower $toObjectId
    $toString $toUpper $top $topN $trim $trunc $tsIncrement $tsSecond $unsetField $week $year $zip
    """
)
"""Without ``$function`` and ``$accumulator``, which run JavaScript."""

REFERENCES = words("$ref $id $db")
"""The fields of a DBRef, which filters may name: ``owner.$id``."""
