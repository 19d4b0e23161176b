"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "storage_whoami": [
        "which cloud storage am I connected to", "what S3 account is this", "are you connected to my object storage",
        "where can you store files", "which storage accounts are set up", "does the connection to S3 work",
        "are you allowed to write to my S3 account or only to read", "is the S3 server answering, can you reach it",
        "which access key does the cloud account use", "is the cloud storage at Amazon or on our own server",
        "what accounts for cloud storage do you know",
    ],
    "storage_buckets": [
        "which buckets do I have", "list my buckets", "what buckets are in my S3 account",
        "does the backup bucket keep old versions", "is there a bucket for photos", "show all the buckets on MinIO",
        "which buckets have versioning switched on", "what are my buckets called", "how many buckets are there",
        "in which region is each bucket", "can what is deleted in that bucket be brought back",
    ],
    "storage_list": [
        "what's in my photos bucket, list it", "show the files in the bucket",
        "is last night's backup up there in the cloud", "which files are in the 2024 folder of the bucket",
        "list the files in a folder on S3", "list all the files that are in the cloud",
        "list what is in this folder of the bucket", "show me the files I have in cloud storage",
        "is there a file with that name in the bucket", "list the videos folder on S3 with its subfolders",
        "show me everything that is in the bucket", "browse the folders and files on S3",
    ],
    "storage_get": [
        "what does the log in the bucket say", "show me the start of that file in the cloud",
        "what is in config.json on S3", "show me what the readme in the bucket says",
        "read me the text file that is in the bucket", "read the first lines of the file in S3",
        "what is written in the text file in the cloud", "show me the end of the log in S3",
        "what does the file in the bucket say, show me its text",
        "read the file in the cloud to me, no need to save it",
    ],
    "storage_download": [
        "download the backup from the cloud", "get that photo from the bucket onto my computer",
        "save the report from S3 to disk", "fetch the file from the cloud to my folder",
        "download the file from the bucket onto my laptop", "pull the backup from S3 onto this machine",
        "bring the video from the cloud onto my hard drive", "get the cloud file onto my computer",
        "download the zip from object storage", "fetch last night's backup from the bucket to this computer",
        "save a file from the bucket into my documents folder",
    ],
    "storage_usage": [
        "how big is my bucket", "what takes up all the space in the cloud", "which are the largest files in the bucket",
        "how many files are in the bucket in total", "how much space does the bucket take up",
        "how many gigabytes of storage do I use on S3", "which folder of the bucket is the biggest",
        "how big are the backups in the cloud altogether", "how full is my cloud storage",
        "how much space do unfinished uploads use in the bucket", "the largest objects in S3",
    ],
    "storage_put": [
        "upload this file to the cloud", "put this backup into my bucket", "save this note to S3",
        "send the big video up to S3", "go on with the upload that broke off", "put the photo up into the cloud",
        "upload the pictures to S3", "upload the zip into the bucket", "put this document into the bucket",
        "go on uploading to the bucket", "put this file on S3", "save this text as a file in the bucket",
    ],
    "storage_copy": [
        "duplicate that object", "copy the file to the archive bucket", "make a second copy in the cloud",
        "copy the report into another folder of the bucket", "copy it from one bucket to another",
        "put a copy of the file under another name in S3", "rename a file in the bucket",
        "make a copy of the photo within the cloud", "move the video from one bucket to another bucket",
        "duplicate a file in S3 under a new name",
    ],
    "storage_delete": [
        "remove that file from the bucket", "delete the old report in the cloud", "throw away these objects",
        "delete the test files in the bucket", "delete the photo from S3, I may want it back",
        "delete a few files in the bucket", "remove the zip from my cloud storage",
        "throw the draft out of the bucket, but so that it can be restored", "delete the old invoices from S3",
        "get rid of some files in the cloud", "remove these objects from the bucket",
    ],
    "storage_delete_forever": [
        "delete the object for good", "erase this from the bucket, no way back",
        "really remove the old backups from S3, permanently", "wipe it from the cloud so that it can never be restored",
        "erase that file from the bucket for ever", "permanently delete the files in S3",
        "delete it from the bucket without versions, nobody can bring it back",
        "destroy the file in the cloud, no way back", "wipe the objects in the bucket for good",
        "erase the cloud backup permanently, I am sure",
    ],
    "storage_presign": [
        "make a link I can share to a file in the cloud", "let Bo download this file by a link",
        "a temporary link to the photo in the bucket", "how can somebody upload a file to me",
        "a download link that expires in an hour", "share the file in S3 by a link",
        "share the video in the cloud with my sister",
        "send a client a link to the zip in the bucket, good until tomorrow",
        "let somebody without an account download the report", "a signed link to this object",
        "give the photographer a link for uploading into my bucket",
    ],
    "storage_sync_plan": [
        "what would change if I backed up this folder", "compare my folder with the bucket",
        "which files are not in the cloud yet", "mirror my documents to S3, but show me first",
        "what is missing in my cloud backup", "dry run of the sync with the bucket",
        "what is the difference between my folder and the bucket",
        "what would be uploaded if I backed up my folder to the cloud", "which files differ between this folder and S3",
        "is my folder the same as the backup in the cloud",
        "what would the sync of my documents with the bucket change",
        "compare the backup in S3 with the folder on my computer",
    ],
    "storage_sync_apply": [
        "go ahead with the sync", "now do the backup as planned", "yes, mirror it to the bucket",
        "apply those changes to the bucket", "run the sync we just planned", "carry out the backup that we planned",
        "do the sync with the cloud now", "yes, sync my folder with the bucket", "go ahead and mirror the folder to S3",
        "synchronise the folder with the cloud as planned", "back the folder up to the bucket now",
    ],
}
# fmt: on
