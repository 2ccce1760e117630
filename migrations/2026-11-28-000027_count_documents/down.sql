SET lock_timeout = '500ms';

DROP TRIGGER document_reads_count_delete ON document_reads;
DROP TRIGGER document_reads_count_insert ON document_reads;
DROP FUNCTION document_reads_count();
DROP TRIGGER documents_count ON documents;
DROP FUNCTION documents_count();
DROP TABLE document_read_counts;
DROP TABLE document_counts;
